import BakeModel
import EnvironmentPromotion

/// What a signature did, what it did not count for, and what comes next.
struct ApprovalReport {
    let session: CommandSession
    let record: GenerationRecord
    let outcome: EnvironmentPromotion.ApprovalOutcome
    /// How the approvals stand now; nil where the environment asks for none.
    let standing: ApprovalStanding?

    private var person: String { outcome.signed.signer }

    func tell() {
        if session.options.json { return session.console.document(document) }
        let what = outcome.isClosing == nil ? "approved" : "looked at"
        session.console.result("\(outcome.slot)  \(record.id) \(what) by \(person) (signed)  \(written)")
        if let earlier = outcome.earlier, let reason = session.options.reason, reason != earlier.reason {
            session.console.complain("this reason was not recorded: the signature of entry \(earlier.entry) stands")
        }
        if let isClosing = outcome.isClosing { tellReview(isClosing) } else { tellApproval() }
    }

    private var written: String {
        if let entry = outcome.entry { return "entry \(entry)" }
        return outcome.earlier.map { "signed already in entry \($0.entry)" } ?? "dry run"
    }

    private func tellReview(_ isClosing: Bool) {
        let move = outcome.signed.statement.entry.map { " of entry \($0)" } ?? ""
        guard isClosing else {
            guard let lack = outcome.lack else {
                return session.console.note("nobody knows who broke the glass\(move), so another person signs too")
            }
            session.console.complain(TerminalText.escaped("the broken glass\(move) stays open: \(lack.explanation)"))
            return session.console.complain(TerminalText.escaped("hint: \(lack.hint)"))
        }
        session.console.note("the broken glass\(move) is settled")
        guard let standing else { return }
        session.console.note("this was that second look, and no approval: another promotion of it needs its own")
        tellGate(standing.gate)
    }

    private func tellApproval() {
        guard let standing else { return }
        if let problem = standing.problem {
            session.console.complain(
                TerminalText.escaped("\(person)'s signature does not count as things are: \(problem)"))
        }
        tellGate(standing.gate)
    }

    private func tellGate(_ gate: SlotMove.Gate) {
        let command = gate.command.map { ":  \($0)" } ?? ""
        let state = gate.isMet ? "ok" : "unmet"
        session.console.note(TerminalText.escaped("  \(gate.name)  \(state)  \(gate.explanation)\(command)"))
    }

    private var document: JSON {
        .record([
            "schema": "bake/approval/1", "slot": .string(outcome.slot.description),
            "generation": .string(record.id.description), "image": .string(record.image.description),
            "signer": .string(person), "statement": outcome.signed.statement.json,
            "entry": outcome.entry.map(JSON.number) ?? .null, "closing": outcome.isClosing.map(JSON.bool),
            "earlier": outcome.earlier.map { .number($0.entry) },
            "problem": outcome.isClosing == nil ? standing?.problem.map(JSON.string) : nil,
            "gate": standing?.gate.json,
        ])
    }
}
