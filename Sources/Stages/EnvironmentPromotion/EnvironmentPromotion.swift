import BakeModel
import LedgerDatabase

/// Generation → environment: promotes past gates, rolls back without them, freezes and thaws.
public struct EnvironmentPromotion: Sendable {
    let ledger: Ledger

    /// Reads and extends a ledger that keeps a `SlotView`.
    public init(ledger: Ledger) { self.ledger = ledger }

    /// Who asks, when, and why.
    public struct Request: Sendable {
        /// Who.
        public let actor: Actor
        /// What the machine's clock says.
        public let clock: Timestamp
        /// Why, in their words.
        public let reason: String?
        /// Whether everything is decided and nothing written.
        public let isDryRun: Bool

        /// Describes a request.
        public init(actor: Actor, clock: Timestamp, reason: String?, isDryRun: Bool = false) {
            self.actor = actor
            self.clock = clock
            self.reason = reason
            self.isDryRun = isDryRun
        }
    }

    /// What became of a request.
    public struct Outcome: Hashable, Sendable {
        /// What moved.
        public let move: SlotMove
        /// The number of its entry; nil where nothing was written: a dry run, or nothing to do.
        public let entry: Int64?
        /// Whether the slot already held that very generation.
        public let isNothingToDo: Bool
    }

    /// Whether the first commit is one that the second follows; nil where the repository cannot tell.
    public typealias Ancestry = @Sendable (_ ancestor: CommitID, _ commit: CommitID) -> Bool?

    /// Puts a generation into an environment.
    /// - Parameters:
    ///   - thaw: whether a frozen slot is opened by the same entry.
    ///   - isAutomatic: whether the policy asks, and no person.
    /// - Throws: `PromotionError`; `LedgerError.lostRace` where that very slot moved meanwhile.
    public func promote(
        _ generation: GenerationRecord, to environment: EnvironmentName, thaw: Bool = false,
        isAutomatic: Bool = false, ancestry: Ancestry, for request: Request
    ) throws -> Outcome {
        let slot = Slot(pipeline: generation.id.pipeline, environment: environment)
        let (state, policy, gates) = try ledger.read { transaction in
            let policy = try Self.policy(in: transaction)
            let rules = try policy.rules(of: environment)
            let state = try Self.state(of: slot, in: transaction)
            return (state, policy, try Gates(generation, rules, slot, thaw: thaw).ask(state, in: transaction))
        }
        let move = SlotMove(
            slot: slot, direction: .promote, from: state.current?.generation, to: generation.id,
            image: generation.image, commit: generation.commit.id, policy: policy.digest, gates: gates,
            reason: request.reason, isAutomatic: isAutomatic)
        if state.current?.generation == generation.id {
            return Outcome(move: move, entry: nil, isNothingToDo: true)
        }
        try refuseAncestor(generation, in: state, ancestry: ancestry)
        guard gates.allSatisfy(\.isMet) else { throw PromotionError.refused(generation.id, slot, gates: gates) }
        var acts: [any RecordedAct] = [move]
        if state.freeze != nil { acts.insert(SlotFreeze(slot: slot, isFrozen: false, reason: request.reason), at: 0) }
        return Outcome(move: move, entry: try append(acts, to: state, for: request), isNothingToDo: false)
    }

    /// Takes the top off a slot, down to what was there before, and freezes it. No gate is asked.
    /// - Parameter target: how far down; the next one where nil.
    public func rollback(_ slot: Slot, to target: GenerationID? = nil, for request: Request) throws -> Outcome {
        let state = try state(of: slot)
        guard let current = state.current else { throw PromotionError.emptySlot(slot) }
        let below = state.stack.dropFirst()
        guard let place = target == nil ? below.first : below.first(where: { $0.generation == target }) else {
            throw PromotionError.nothingBelow(slot, current.generation, target)
        }
        let move = SlotMove(
            slot: slot, direction: .rollback, from: current.generation, to: place.generation, image: place.image,
            commit: place.commit, policy: nil, gates: [], reason: request.reason, isAutomatic: false)
        let freeze = SlotFreeze(
            slot: slot, isFrozen: true, reason: "rolled back from \(current.generation.number)")
        return Outcome(
            move: move, entry: try append([move, freeze], to: state, for: request), isNothingToDo: false)
    }

    /// Closes a slot to promotions, or opens it again.
    /// - Returns: the number of the entry; nil where it already is so, and for a dry run.
    public func setFrozen(_ isFrozen: Bool, _ slot: Slot, for request: Request) throws -> Int64? {
        let state = try ledger.read { transaction in
            _ = try Self.policy(in: transaction).rules(of: slot.environment)
            return try Self.state(of: slot, in: transaction)
        }
        if (state.freeze != nil) == isFrozen { return nil }
        return try append(
            [SlotFreeze(slot: slot, isFrozen: isFrozen, reason: request.reason)], to: state, for: request)
    }

    private func append(_ acts: [any RecordedAct], to state: SlotState, for request: Request) throws -> Int64? {
        if request.isDryRun { return nil }
        let entries = try ledger.append(
            acts.map(\.act), by: request.actor, clock: request.clock, expecting: [.slot(state.slot): state.head])
        return entries.first { $0.act.kind == acts.first?.act.kind }?.sequence
    }

    /// A job that is run again must not bring an older commit back; that is what rollbacks are for.
    private func refuseAncestor(_ generation: GenerationRecord, in state: SlotState, ancestry: Ancestry) throws {
        guard let current = state.current, current.commit != generation.commit.id else { return }
        let wasBelow = state.stack.contains { $0.generation == generation.id }
        let older = generation.id.number < current.generation.number
        if ancestry(generation.commit.id, current.commit) ?? (wasBelow || older) {
            throw PromotionError.ancestor(generation.id, of: current.generation, state.slot)
        }
    }
}
