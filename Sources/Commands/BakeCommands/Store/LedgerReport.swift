import AuditTrail
import BakeModel
import BakePipeline
import LedgerDatabase

/// What `bake audit --verify` tells.
struct LedgerReport {
    let session: CommandSession

    func tell(_ store: BakeStore) throws {
        let findings = try store.audit.verify()
        let count = try store.audit.latest()
        if session.options.json {
            session.console.document([
                "schema": "bake/verify/1", "entries": .number(count),
                "findings": .array(findings.map(Self.json)),
            ])
        } else {
            for finding in findings {
                let place = finding.entry.map { "entry \($0)" } ?? "ledger"
                session.console.result(
                    TerminalText.escaped("\(place)  \(finding.kind.rawValue)  \(finding.explanation)"))
            }
            if findings.isEmpty { session.console.result("\(count) entries, chain intact") }
            session.console.note("without a checkpoint kept elsewhere, cutting off the end cannot be detected")
        }
        if !findings.isEmpty { throw SilentExit(code: .damaged) }
    }

    private static func json(_ finding: LedgerFinding) -> JSON {
        [
            "entry": finding.entry.map(JSON.number) ?? .null, "kind": .string(finding.kind.rawValue),
            "explanation": .string(finding.explanation),
        ]
    }
}
