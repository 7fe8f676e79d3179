import BakeModel

/// A draft enters no environment but those that say `drafts: true`, not even past other gates.
enum DraftGate {
    static let name = "draft"

    static func ask(_ situation: PromotionSituation) -> SlotMove.Gate? {
        let generation = situation.generation.id
        guard generation.isDraft else { return nil }
        let environment = situation.slot.environment
        return SlotMove.Gate(
            name: name, isMet: situation.rules.drafts,
            explanation: situation.rules.drafts
                ? "\(environment) takes drafts" : "\(environment) takes no drafts; commit it, merge it, and bake that")
    }
}
