import AuditTrail
import BakeModel
import BakePipeline

/// Where a package was, for people and for programs.
struct PackageReport {
    let session: CommandSession
    let question: PackageQuestion
    let hits: [PackageSearch.Hit]

    func tell(asCSV: Bool) {
        if session.options.json { return session.console.document(json) }
        if asCSV { return csv.forEach(session.console.result) }
        if hits.isEmpty { session.console.result("no generation has \(TerminalText.escaped(question.description))") }
        var table = TextTable()
        for hit in hits {
            let packages = hit.packages.map { "\($0.name) \($0.version)" }.joined(separator: ", ")
            if hit.spans.isEmpty { table.add([hit.generation.description, packages, "was never promoted"]) }
            for span in hit.spans {
                let until = span.until.map { "to \(session.local($0))" } ?? "still there"
                table.add([
                    hit.generation.description, packages, span.slot.description, "from \(session.local(span.since))",
                    until,
                ])
            }
        }
        table.lines.map(TerminalText.escaped).forEach(session.console.result)
        session.console.note("generations of bakes before packages were noted are not among them")
    }

    private var json: JSON {
        [
            "schema": "bake/packages/1", "question": .string(question.description),
            "generations": .array(
                hits.map { hit in
                    [
                        "generation": .string(hit.generation.description),
                        "packages": .array(
                            hit.packages.map {
                                [
                                    "name": .string($0.name), "version": .string($0.version),
                                    "architecture": .string($0.architecture),
                                ]
                            }),
                        "spans": .array(hit.spans.map(\.json)),
                    ]
                }),
        ]
    }

    private var csv: [String] {
        ["generation,package,version,architecture,slot,since,until"]
            + hits.flatMap { hit in
                hit.packages.flatMap { package in
                    let name = [hit.generation.description, package.name, package.version, package.architecture]
                    let spans = hit.spans.map {
                        [$0.slot.description, $0.since.description, $0.until?.description ?? ""]
                    }
                    return (spans.isEmpty ? [["", "", ""]] : spans).map {
                        (name + $0).map(AuditReport.quoted).joined(separator: ",")
                    }
                }
            }
    }
}
