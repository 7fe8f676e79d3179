import BakeModel
import BakePipeline
import EnvironmentPromotion

/// What a move of a slot tells.
struct MoveReport {
    let session: CommandSession

    func tell(_ outcome: EnvironmentPromotion.Outcome, frozen: Bool = false, milliseconds: Int64? = nil) {
        let move = outcome.move
        if session.options.json { return session.console.document(Self.json(outcome, frozen: frozen)) }
        if session.options.quiet { return session.console.result(move.to.description) }
        if outcome.isNothingToDo { return session.console.result("\(move.slot)  \(move.to) is there already") }
        var words = ["\(move.slot)", "\(move.from?.description ?? "empty") -> \(move.to)"]
        if let milliseconds { words.append("\(Wording.seconds(milliseconds: milliseconds))") }
        words.append(outcome.entry.map { "entry \($0)" } ?? "dry run: nothing written")
        if frozen { words.append("frozen: bake thaw \(move.slot)") }
        session.console.result(words.joined(separator: "  "))
        for line in gates(move.gates) { session.console.note(line) }
    }

    func refuse(_ generation: GenerationID, _ slot: Slot, _ gates: [SlotMove.Gate]) {
        let unmet = gates.count { !$0.isMet }
        if session.options.json {
            session.console.document([
                "schema": "bake/move/1", "slot": .string(slot.description), "to": .string(generation.description),
                "outcome": "refused", "exit": .number(Int64(ExitCode.refused.rawValue)),
                "gates": .array(gates.map(\.json)),
            ])
        }
        session.console.complain("\(slot)  \(generation)")
        for line in self.gates(gates) { session.console.complain(line) }
        session.console.complain("refused: \(unmet) gate\(unmet == 1 ? "" : "s") unmet")
    }

    private func gates(_ gates: [SlotMove.Gate]) -> [String] {
        var table = TextTable()
        for gate in gates {
            let command = gate.isMet ? nil : gate.command
            table.add([
                gate.name, gate.isMet ? "ok" : "unmet", gate.explanation + (command.map { ":  \($0)" } ?? ""),
            ])
        }
        return table.lines.map { "  \($0)" }
    }

    private static func json(_ outcome: EnvironmentPromotion.Outcome, frozen: Bool) -> JSON {
        let move = outcome.move
        return .record([
            "schema": "bake/move/1", "slot": .string(move.slot.description),
            "direction": .string(move.direction.rawValue), "from": move.from.map { .string($0.description) },
            "to": .string(move.to.description), "image": .string(move.image.description),
            "outcome": outcome.isNothingToDo ? "stands" : "moved", "exit": 0,
            "entry": outcome.entry.map(JSON.number) ?? .null, "frozen": .bool(frozen),
            "gates": .array(move.gates.map(\.json)),
        ])
    }
}
