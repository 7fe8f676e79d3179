import BakeModel

/// The slot, its environment and the store take promotions.
enum FreezeGate {
    static func ask(_ situation: PromotionSituation) -> SlotMove.Gate? {
        // By the machine's own clock: an entry of a machine whose clock was ahead must not end a freeze before its time.
        let freezes = situation.state.freezes(at: situation.clock)
        let closed = freezes.filter { !(situation.isThawing && $0.scope == .slot(situation.slot)) }
        let name = "not frozen"
        guard let first = closed.first else {
            return freezes.first.map {
                SlotMove.Gate(
                    name: name, isMet: true, explanation: "\($0.text); thawed by this promotion", entries: [$0.entry])
            }
        }
        return SlotMove.Gate(
            name: name, isMet: false, explanation: closed.map(\.text).joined(separator: "; "),
            command: closed.map(\.scope.thaw).joined(separator: " && "),
            opens: closed.contains { $0.until == nil } ? nil : closed.compactMap(\.until).max(), entries: [first.entry])
    }
}
