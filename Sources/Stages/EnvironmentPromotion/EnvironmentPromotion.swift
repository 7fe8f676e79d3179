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
    ///   - thaw: whether a frozen slot is opened by the same append.
    ///   - isAutomatic: whether the policy asks, and no person.
    /// - Throws: `PromotionError`; `LedgerError.lostRace` where that very slot moved meanwhile.
    public func promote(
        _ generation: GenerationRecord, to environment: EnvironmentName, thaw: Bool = false,
        isAutomatic: Bool = false, ancestry: Ancestry, for request: Request
    ) throws -> Outcome {
        let promotion = Promotion(
            generation: generation, slot: Slot(pipeline: generation.id.pipeline, environment: environment), thaw: thaw,
            isAutomatic: isAutomatic, reason: request.reason)
        while true {
            let decision = try promotion.decide(by: ledger, ancestry: ancestry)
            if decision.acts.isEmpty { return Outcome(move: decision.move, entry: nil, isNothingToDo: true) }
            do {
                let entry = try append(decision.acts, expecting: decision.heads, for: request)
                return Outcome(move: decision.move, entry: entry, isNothingToDo: false)
            } catch LedgerError.lostRace(.policy) {
                // Another policy came into force: it judges.
                continue
            }
        }
    }

    /// Takes the top off a slot, down to what was there before, and freezes it. No gate is asked.
    /// - Parameter target: how far down; the next one where nil.
    public func rollback(_ slot: Slot, to target: GenerationID? = nil, for request: Request) throws -> Outcome {
        let state = try state(of: slot)
        guard let current = state.current else { throw try emptiness(of: slot) }
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
            move: move, entry: try append([move, freeze], expecting: state.heads, for: request), isNothingToDo: false)
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
            [SlotFreeze(slot: slot, isFrozen: isFrozen, reason: request.reason)], expecting: state.heads, for: request)
    }

    /// - Returns: the number of the first act's entry; nil for a dry run.
    private func append(
        _ acts: [any RecordedAct], expecting heads: [Subject: Int64?], for request: Request
    ) throws -> Int64? {
        if request.isDryRun { return nil }
        return try ledger.append(acts.map(\.act), by: request.actor, clock: request.clock, expecting: heads)
            .first?.sequence
    }

    /// Why there is nothing to roll back: perhaps the name is misspelt.
    private func emptiness(of slot: Slot) throws -> PromotionError {
        let policy = try policy()
        guard policy.environment(slot.environment) == nil else { return .emptySlot(slot) }
        return .unknownEnvironment(slot.environment, known: policy.environments.map(\.name))
    }
}
