import BakeModel

/// `after: staging`: this very image was the head there, and no rollback took it away.
enum AfterGate {
    static func ask(_ situation: PromotionSituation) -> SlotMove.Gate? {
        guard let earlier = situation.rules.after else { return nil }
        let name = "after \(earlier)"
        let command = "bake promote \(situation.generation.id) \(earlier)"
        return switch situation.stay {
        case .never:
            SlotMove.Gate(name: name, isMet: false, explanation: "never was in \(earlier)", command: command)
        case .unsettled(let generation, let time, let entry):
            SlotMove.Gate(
                name: name, isMet: false,
                explanation:
                    "came there \(time) past its gates in entry \(entry), and no second person has looked at that",
                command: "bake approve \(generation) \(earlier)", entries: [entry])
        case .rolledBack(let entry):
            SlotMove.Gate(
                name: name, isMet: false, explanation: "was rolled back there in entry \(entry)", command: command,
                entries: [entry])
        case .since(let time, let entry):
            SlotMove.Gate(name: name, isMet: true, explanation: "came there \(time)", entries: [entry])
        }
    }
}
