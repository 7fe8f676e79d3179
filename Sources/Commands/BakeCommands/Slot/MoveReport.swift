import BakeModel
import BakePipeline
import EnvironmentPromotion

/// What a move of slots tells.
struct MoveReport {
    let session: CommandSession
    /// Says what a promotion brings; nil for rollbacks.
    var summary: PromotionSummary?

    func tell(_ outcome: EnvironmentPromotion.Outcome, frozen: Bool = false, milliseconds: Int64? = nil) {
        if session.options.json { return session.console.document(json(outcome, frozen: frozen)) }
        if session.options.quiet {
            return outcome.moves.map(\.to.description).forEach(session.console.result)
        }
        for move in outcome.moves { tell(move, outcome, frozen, milliseconds) }
    }

    private func tell(
        _ move: SlotMove, _ outcome: EnvironmentPromotion.Outcome, _ frozen: Bool, _ milliseconds: Int64?
    ) {
        let entry = outcome.entry.map { "entry \($0)" } ?? "dry run: nothing written"
        if outcome.isNothingToDo {
            let opened = outcome.opened.contains(move.slot) ? "  open again  \(entry)" : ""
            return session.console.result("\(move.slot)  \(move.to) is there already\(opened)")
        }
        var words = [title(move)]
        if let summary = summary?.text(move) { words.append(summary) }
        if let milliseconds { words.append("\(Wording.seconds(milliseconds: milliseconds))") }
        words.append(entry)
        if frozen { words.append("frozen: bake thaw \(move.slot)") }
        session.console.result(words.joined(separator: "  "))
        for line in gates(move.gates) { session.console.note(line) }
        guard let reason = move.brokenGlass else { return }
        session.console.complain(
            "GLASS BROKEN: \(TerminalText.escaped(reason)); open until a second person signs:"
                + "  bake approve \(move.to) \(move.slot.environment)")
    }

    /// Tells, behind everything else and in every form, which tests fail on what the slots hold now: where no gate asks for tests
    /// that keeps nothing from moving.
    func alarm(_ outcome: EnvironmentPromotion.Outcome, in store: BakeStore) throws {
        for move in outcome.moves {
            for failure in try store.failedTests(of: move.image, in: move.slot) {
                session.console.complain(
                    TerminalText.escaped(
                        "TEST FAILED  \(move.to)  in \(move.slot): \(failure.text):  bake test \(move.to) \(failure.test.name)\(failure.options)"
                    ))
            }
        }
    }

    private func title(_ move: SlotMove) -> String {
        "\(move.slot)  \(move.from?.description ?? "empty") -> \(move.to)"
    }

    /// Tells a refusal by gates.
    /// - Returns: false for every other error, which is told as errors are.
    func refuse(_ error: PromotionError) -> Bool {
        let moves = error.refusedMoves
        guard !moves.isEmpty else { return false }
        let unmet = moves.reduce(0) { $0 + $1.gates.count { !$0.isMet } }
        if session.options.json { session.console.document(json(refused: moves, held: error.heldMoves)) }
        for move in moves {
            let summary = summary?.text(move).map { "  \($0)" } ?? ""
            session.console.complain(title(move) + summary)
            for line in gates(move.gates) { session.console.complain(line) }
        }
        for move in error.heldMoves {
            session.console.complain("\(title(move))  could move, but waits: all together, or none")
        }
        for other in error.otherRefusals {
            session.console.complain(TerminalText.escaped("\(other.subject): \(other.reason)"))
        }
        session.console.complain("refused: \(unmet) gate\(unmet == 1 ? "" : "s") unmet")
        return true
    }

    private func gates(_ gates: [SlotMove.Gate]) -> [String] {
        var table = TextTable()
        for gate in gates {
            var words = gate.explanation
            if !gate.isMet, let opens = gate.opens {
                let left = Wording.age(milliseconds: opens.milliseconds - session.now().milliseconds)
                words += "; met \(session.local(opens)), in \(left)"
            }
            if !gate.isMet, let command = gate.command { words += ":  \(command)" }
            table.add([gate.name, gate.isMet ? "ok" : "unmet", TerminalText.escaped(words)])
        }
        return table.lines.map { "  \($0)" }
    }

    private func json(refused moves: [SlotMove], held: [SlotMove]) -> JSON {
        let documents = moves.map { unmoved($0, "refused") } + held.map { unmoved($0, "held") }
        return documents.count == 1 ? documents[0] : joint(documents)
    }

    private func unmoved(_ move: SlotMove, _ outcome: String) -> JSON {
        .record([
            "schema": "bake/move/1", "slot": .string(move.slot.description),
            "from": move.from.map { .string($0.description) }, "to": .string(move.to.description),
            "outcome": .string(outcome), "exit": .number(Int64(ExitCode.refused.rawValue)),
            "gates": .array(move.gates.map(\.json)), "summary": summary?.text(move).map(JSON.string),
        ])
    }

    private func json(_ outcome: EnvironmentPromotion.Outcome, frozen: Bool) -> JSON {
        let documents = outcome.moves.map { move in
            JSON.record([
                "schema": "bake/move/1", "slot": .string(move.slot.description),
                "direction": .string(move.direction.rawValue), "from": move.from.map { .string($0.description) },
                "to": .string(move.to.description), "image": .string(move.image.description),
                "outcome": outcome.isNothingToDo ? "stands" : "moved", "exit": 0,
                "entry": outcome.entry.map(JSON.number) ?? .null, "frozen": .bool(frozen),
                "gates": .array(move.gates.map(\.json)), "summary": summary?.text(move).map(JSON.string),
                "broken-glass": move.brokenGlass.map(JSON.string),
                "staying": outcome.staying.isEmpty ? nil : .array(outcome.staying.map(\.json)),
            ])
        }
        return documents.count == 1 ? documents[0] : joint(documents)
    }

    private func joint(_ documents: [JSON]) -> JSON { ["schema": "bake/moves/1", "moves": .array(documents)] }
}

extension EnvironmentPromotion.Outcome.Staying {
    fileprivate var json: JSON {
        .record([
            "slot": .string(slot.description), "generation": generation.map { .string($0.description) },
            "reason": .string(reason),
        ])
    }
}

extension PromotionError {
    /// The moves that gates refused.
    fileprivate var refusedMoves: [SlotMove] {
        switch self {
        case .refused(let move): [move]
        case .several(let errors, _): errors.flatMap(\.refusedMoves)
        default: []
        }
    }

    /// What else kept several from moving.
    fileprivate var otherRefusals: [PromotionError] {
        if case .several(let errors, _) = self { errors.filter(\.refusedMoves.isEmpty) } else { [] }
    }

    /// What could have moved alone.
    fileprivate var heldMoves: [SlotMove] { if case .several(_, let held) = self { held } else { [] } }
}
