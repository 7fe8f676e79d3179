import BakeModel
import LedgerDatabase

/// A promotion that is asked for, and how it is decided.
struct Promotion {
    let generation: GenerationRecord
    let slot: Slot
    let thaw: Bool
    let isAutomatic: Bool
    let reason: String?

    /// What is to be appended, and what must not have moved until then.
    struct Decision {
        let move: SlotMove
        /// The move first; none where there is nothing to do.
        let acts: [any RecordedAct]
        let heads: [Subject: Int64?]
    }

    /// What one snapshot of the ledger says.
    private struct Situation {
        let state: SlotState
        let policy: Policy
        let policyHead: Int64?
        let gates: [SlotMove.Gate]
    }

    /// Decides from one snapshot.
    /// - Throws: `PromotionError`.
    func decide(by ledger: Ledger, ancestry: EnvironmentPromotion.Ancestry) throws -> Decision {
        let situation = try ledger.read { try self.situation(in: $0) }
        let state = situation.state
        let move = SlotMove(
            slot: slot, direction: .promote, from: state.current?.generation, to: generation.id,
            image: generation.image, commit: generation.commit.id, policy: situation.policy.digest,
            gates: situation.gates, reason: reason, isAutomatic: isAutomatic)
        if state.current?.generation == generation.id { return Decision(move: move, acts: [], heads: [:]) }
        try refuseAncestor(in: state, ancestry: ancestry)
        guard situation.gates.allSatisfy(\.isMet) else {
            throw PromotionError.refused(generation.id, slot, gates: situation.gates)
        }
        let thawed = SlotFreeze(slot: slot, isFrozen: false, reason: reason)
        let heads = state.heads.merging([.policy: situation.policyHead]) { first, _ in first }
        return Decision(move: move, acts: state.freeze == nil ? [move] : [move, thawed], heads: heads)
    }

    private func situation(in transaction: ViewTransaction) throws -> Situation {
        let policy = try EnvironmentPromotion.policy(in: transaction)
        let rules = try policy.rules(of: slot.environment)
        let state = try EnvironmentPromotion.state(of: slot, in: transaction)
        return Situation(
            state: state, policy: policy, policyHead: try transaction.head(of: .policy),
            gates: try Gates(generation, rules, slot, thaw: thaw).ask(state, in: transaction))
    }

    /// A job that is run again must not bring an older commit back; that is what rollbacks are for.
    private func refuseAncestor(in state: SlotState, ancestry: EnvironmentPromotion.Ancestry) throws {
        guard let current = state.current, isOlder(than: current, in: state, ancestry: ancestry) else { return }
        throw PromotionError.ancestor(
            generation.id, of: current.generation, slot, isBelow: state.holds(generation.id))
    }

    private func isOlder(
        than current: SlotState.Place, in state: SlotState, ancestry: EnvironmentPromotion.Ancestry
    ) -> Bool {
        let isLower = generation.id.number < current.generation.number
        // One commit makes several generations where the base moved: then the numbers tell.
        if current.commit == generation.commit.id { return isLower }
        return ancestry(generation.commit.id, current.commit) ?? (isLower || state.holds(generation.id))
    }
}
