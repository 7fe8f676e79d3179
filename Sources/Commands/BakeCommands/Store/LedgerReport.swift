import BakeModel
import BakePipeline

/// What `bake audit --verify` tells.
struct LedgerReport {
    let session: CommandSession

    /// - Parameters:
    ///   - isTrusting: whether keys outside the store were named.
    ///   - knowsPeople: whether people were named with them.
    func tell(_ result: StoreVerification.Result, isTrusting: Bool, knowsPeople: Bool) throws {
        if session.options.json {
            session.console.document(
                .record([
                    "schema": "bake/verify/1", "entries": .number(result.entries),
                    "anchored": result.anchored.map(JSON.number) ?? .null,
                    "strangers": isTrusting ? .number(Int64(result.strangers)) : nil,
                    "signatures": isTrusting ? .number(Int64(result.signatures)) : nil,
                    "people": result.people.map { .number(Int64($0)) },
                    "people-from": .string(knowsPeople ? "trust" : "policy"),
                    "automatic": isTrusting ? .number(Int64(result.automatic)) : nil,
                    "untold": result.untold > 0 ? .number(Int64(result.untold)) : nil,
                    "keyless": isTrusting ? .number(Int64(result.keyless)) : nil,
                    "findings": .array(result.findings.map(Self.json)),
                ]))
        } else {
            for line in lines(result, isTrusting, knowsPeople) { session.console.result(TerminalText.escaped(line)) }
            for line in Self.notes(result) { session.console.note(line) }
        }
        if !result.findings.isEmpty { throw SilentExit(code: .damaged) }
    }

    private func lines(_ result: StoreVerification.Result, _ isTrusting: Bool, _ knowsPeople: Bool) -> [String] {
        guard result.findings.isEmpty else {
            return result.findings.map { finding in
                "\(finding.entry.map { "entry \($0)" } ?? "ledger")  \(finding.kind)  \(finding.explanation)"
            }
        }
        var lines = ["\(result.entries) entries, chain intact"]
        if isTrusting { lines.append("\(Self.signatures(result.signatures)) of trusted keys") }
        if let people = result.people, knowsPeople || people > 0 {
            let whose = knowsPeople ? "trusted people" : "people whom the store's own policies name"
            lines.append("\(Self.signatures(people)) of \(whose)")
        }
        if result.automatic > 0 {
            lines.append("\(result.automatic) unsigned, as the policy moves every bake that passes")
        }
        if result.keyless > 0 {
            lines.append(
                "\(result.keyless) unsigned, made by people before the store had a key: nothing vouches for them")
        }
        return lines
    }

    private static func signatures(_ count: Int) -> String { "\(count) signature\(count == 1 ? "" : "s")" }

    private static func notes(_ result: StoreVerification.Result) -> [String] {
        var notes: [String] = []
        if let (entry, entries) = result.restoration, !result.agrees {
            notes.append(
                "this store was restored in entry \(entry) from a backup of \(entries) entries: what was recorded after that backup is elsewhere"
            )
        }
        if result.strangers > 0 {
            notes.append("\(signatures(result.strangers)) of keys that are not trusted: they prove nothing")
        }
        if let entry = result.indexed {
            notes.append(
                "index.json is behind the ledger, at entry \(entry): other tools find what was there then; every command that "
                    + "moves something writes it, and bake fsck --repair")
        }
        if result.untold > 0 {
            notes.append(
                "whether their authors approved \(result.untold) promotion\(result.untold == 1 ? "" : "s") cannot be told: "
                    + "the store has not their commits (git/)")
        }
        if result.agrees || result.anchored == nil { notes.append(anchorage(result)) }
        let unsigned = result.findings.contains { $0.kind == "unsigned" && $0.entry != nil }
        if unsigned { notes.append("hint: bake attest GENERATION --entry N --key FILE signs a move afterwards") }
        return notes
    }

    private static func anchorage(_ result: StoreVerification.Result) -> String {
        guard let anchored = result.anchored else {
            return "without a checkpoint kept elsewhere, cutting off the end cannot be detected"
        }
        let rest = result.entries - anchored
        guard rest > 0 else { return "every entry is vouched for by what was kept elsewhere" }
        return "entries 1 to \(anchored) are vouched for by what was kept elsewhere; the \(rest) behind them are not"
    }

    private static func json(_ finding: StoreVerification.Finding) -> JSON {
        [
            "entry": finding.entry.map(JSON.number) ?? .null, "kind": .string(finding.kind),
            "explanation": .string(finding.explanation),
        ]
    }
}
