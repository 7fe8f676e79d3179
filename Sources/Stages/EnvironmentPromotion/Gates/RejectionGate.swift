import BakeModel

/// A rejected digest cannot be promoted anywhere, not even past other gates.
enum RejectionGate {
    static let name = "not rejected"

    static func ask(_ situation: PromotionSituation) -> SlotMove.Gate? {
        guard let rejection = situation.rejection else { return nil }
        return SlotMove.Gate(
            name: name, isMet: false,
            explanation: "rejected in entry \(rejection.entry) for good: \(rejection.act.reason); bake another image")
    }
}
