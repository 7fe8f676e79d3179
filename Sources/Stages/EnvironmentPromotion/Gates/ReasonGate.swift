import BakeModel
import RegularExpressions

/// `reason: "CHG[0-9]{7}"`: the reason names what the operator wants named.
enum ReasonGate {
    static let name = "reason"

    static func ask(_ situation: PromotionSituation) -> SlotMove.Gate? {
        guard let pattern = situation.rules.reason else { return nil }
        let reason = situation.reason ?? ""
        let isMet = (try? RegularExpression(pattern))?.matches(Array(reason.utf8)) ?? false
        let generation = situation.generation.id
        return SlotMove.Gate(
            name: name, isMet: isMet,
            explanation: isMet
                ? "\"\(reason)\"" : (reason.isEmpty ? "none given" : "\"\(reason)\"") + "; must match \(pattern)",
            command: isMet ? nil : "bake promote \(generation) \(situation.slot.environment) --reason …")
    }
}
