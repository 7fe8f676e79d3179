import BakeModel

/// `after: staging`: this very image was the head there.
enum AfterGate {
    static func ask(_ situation: PromotionSituation) -> SlotMove.Gate? {
        guard let earlier = situation.rules.after else { return nil }
        let name = "after \(earlier)"
        guard let arrival = situation.arrival else {
            return SlotMove.Gate(
                name: name, isMet: false, explanation: "never was in \(earlier)",
                command: "bake promote \(situation.generation.id) \(earlier)")
        }
        return SlotMove.Gate(
            name: name, isMet: true, explanation: "came there \(arrival.time)", entries: [arrival.entry])
    }
}
