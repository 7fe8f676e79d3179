import AuditTrail
import BakeModel
import BakePipeline

/// Where a package was, for people and for programs: a line for each time during which a slot had the same version.
struct PackageReport {
    let session: CommandSession
    let question: PackageQuestion
    let result: PackageSearch.Result

    func tell(asCSV: Bool) {
        if session.options.json { return session.console.document(json) }
        if asCSV { return csv.forEach(session.console.result) }
        if result.generations == 0 {
            session.console.result("no generation has \(TerminalText.escaped(question.description))")
        }
        var table = TextTable()
        for hit in result.hits {
            let span = hit.span
            table.add([
                span.slot.description, hit.packages.map { "\($0.name) \($0.version)" }.joined(separator: ", "),
                Self.generations(span), "from \(session.local(span.since))",
                span.until.map { "to \(session.local($0))" } ?? "still there",
            ])
        }
        table.lines.map(TerminalText.escaped).forEach(session.console.result)
        if result.unpromoted > 0 {
            session.console.result(
                "\(result.unpromoted) of the \(result.generations) generations that have it were never promoted")
        }
        session.console.note("generations of bakes before packages were noted are not among them")
    }

    /// `web@41`, `web@38 to web@41`.
    private static func generations(_ span: PackageSpan) -> String {
        span.first == span.last ? span.first.description : "\(span.first) to \(span.last)"
    }

    private var json: JSON {
        [
            "schema": "bake/packages/2", "question": .string(question.description),
            "generations": .number(result.generations), "never-promoted": .number(result.unpromoted),
            "spans": .array(result.hits.map(Self.json)),
        ]
    }

    private static func json(_ hit: PackageSearch.Hit) -> JSON {
        let span = hit.span
        let packages = hit.packages.map { package in
            JSON.record([
                "name": .string(package.name), "version": .string(package.version),
                "architecture": .string(package.architecture),
            ])
        }
        return .record([
            "slot": .string(span.slot.description), "packages": .array(packages),
            "since": .string(span.since.description), "until": span.until.map { .string($0.description) },
            "first": .string(span.first.description), "last": .string(span.last.description),
            "entry": .number(span.entry),
        ])
    }

    private var csv: [String] {
        ["slot,package,version,architecture,since,until,first,last,entry"]
            + result.hits.flatMap { hit in
                hit.packages.map { package in
                    let span = hit.span
                    let fields = [
                        span.slot.description, package.name, package.version, package.architecture,
                        span.since.description, span.until?.description ?? "", span.first.description,
                        span.last.description, String(span.entry),
                    ]
                    return fields.map(AuditReport.quoted).joined(separator: ",")
                }
            }
    }
}
