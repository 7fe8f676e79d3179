import BakeModel
import LedgerDatabase

extension EnvironmentPromotion {
    /// Takes the top off a slot, down to what was there before, and freezes it. No gate is asked, but a rejected image does
    /// not come back. What was promoted with it, and still is there, goes back with it.
    /// - Parameters:
    ///   - target: how far down; the next one that is there and not rejected where nil.
    ///   - collected: the generations whose images were given up, and by which entry.
    public func rollback(
        _ slot: Slot, to target: GenerationID? = nil, collected: [GenerationID: Int64] = [:], for request: Request
    ) throws -> Outcome {
        let states = try ledger.read { try together(slot, isAlone: target != nil, in: $0) }
        guard states[0].state.current != nil else { throw try emptiness(of: slot) }
        let moves = try states.map { try $0.move(to: target, collected, reason: request.reason) }
        let freezes = moves.map { move in
            SlotFreeze(
                slot: move.slot, isFrozen: true,
                reason: "rolled back from \(move.from.map(\.number.description) ?? "nothing")")
        }
        let joint: [any RecordedAct] = JointMove(moves).map { [$0] } ?? moves
        let heads = moves.map(\.slot).compactMap { slot in
            states.first { $0.state.slot == slot }.map { (Subject.slot(slot), $0.state.heads[.slot(slot)] ?? nil) }
        }
        let entry = try append(
            joint + freezes, expecting: Dictionary(uniqueKeysWithValues: heads), for: request)
        return Outcome(move: moves[0], others: Array(moves.dropFirst()), entry: entry, isNothingToDo: false)
    }

    /// The slot, and those whose top came by the same entry.
    private func together(
        _ slot: Slot, isAlone: Bool, in transaction: ViewTransaction
    ) throws -> [RollbackState] {
        let first = try RollbackState(slot, in: transaction)
        guard !isAlone, let head = first.state.current,
            let joint = try JointMove(try transaction.entry(head.entry))
        else { return [first] }
        let others = try joint.moves.map(\.slot).filter { $0 != slot }
            .map { try RollbackState($0, in: transaction) }
        return [first] + others.filter { $0.state.current?.entry == head.entry && $0.state.stack.count > 1 }
    }

    /// Why there is nothing to roll back: perhaps the name is misspelt.
    private func emptiness(of slot: Slot) throws -> PromotionError {
        let policy = try policy()
        guard policy.environment(slot.environment) == nil else { return .emptySlot(slot) }
        return .unknownEnvironment(slot.environment, known: policy.environments.map(\.name))
    }
}

/// A slot, and which of its images are rejected.
private struct RollbackState {
    let state: SlotState
    private let rejected: [Digest: Int64]

    init(_ slot: Slot, in transaction: ViewTransaction) throws {
        state = try EnvironmentPromotion.state(of: slot, in: transaction)
        var rejected: [Digest: Int64] = [:]
        for image in Set(state.stack.map(\.image)) {
            rejected[image] = try EnvironmentPromotion.rejection(of: image, in: transaction)?.entry
        }
        self.rejected = rejected
    }

    func move(
        to target: GenerationID?, _ collected: [GenerationID: Int64], reason: String?
    ) throws -> SlotMove {
        guard let current = state.current else { throw PromotionError.emptySlot(state.slot) }
        let below = state.stack.dropFirst()
        // Where all that lies below is barred, the uppermost says why.
        let place =
            target == nil
            ? below.first { obstacle(to: $0, collected) == nil } ?? below.first
            : below.first { $0.generation == target }
        guard let place else { throw PromotionError.nothingBelow(state.slot, current.generation, target) }
        if let obstacle = obstacle(to: place, collected) { throw obstacle }
        return SlotMove(
            slot: state.slot, direction: .rollback, from: current.generation, to: place.generation,
            image: place.image, commit: place.commit, policy: nil, gates: [], reason: reason, isAutomatic: false)
    }

    private func obstacle(to place: SlotState.Place, _ collected: [GenerationID: Int64]) -> PromotionError? {
        if let entry = rejected[place.image] {
            return .rejectedTarget(place.generation, state.slot, entry: entry)
        }
        return collected[place.generation].map { .collectedTarget(place.generation, state.slot, entry: $0) }
    }
}
