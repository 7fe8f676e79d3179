import BakeModel

/// How far the approvals of a generation for a slot have come, as far as that can be told before somebody promotes.
public struct ApprovalStanding: Hashable, Sendable {
    /// What a promotion now would be told, but for what depends on who promotes.
    public let gate: SlotMove.Gate
    /// Why one person's signature does not count for it; nil where nothing is known against it.
    public let problem: String?
}

extension EnvironmentPromotion {
    /// How the approvals of a generation stand; nil where its environment asks for none, or is not in the policy any more.
    /// - Parameters:
    ///   - person: whose signature is looked at.
    ///   - history: what the repository of the generation tells.
    public func approvals(
        of generation: GenerationRecord, in slot: Slot, by person: String, history: CommitHistory,
        for request: Request
    ) throws -> ApprovalStanding? {
        guard try policy().environment(slot.environment)?.approve != nil else { return nil }
        // Nothing is promoted, so nothing is signed either.
        let asking = Request(actor: request.actor, clock: request.clock, reason: request.reason)
        let promotion = try Promotion(
            order: PromotionOrder([generation], to: slot.environment), history: { _ in history }, request: asking,
            promotion: self)
        let (situation, _) = try promotion.situation(of: generation, history)
        guard let whole = situation.rules.approve else { return nil }
        let rule = ApprovalRule(need: whole.need, by: whole.by, never: whole.never.filter { $0 != .promoter })
        return ApprovalStanding(
            gate: ApprovalGate.ask(situation, rule), problem: ApprovalGate.problem(of: person, situation, rule))
    }
}
