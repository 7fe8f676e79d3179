import BakeModel
import LedgerDatabase

extension EnvironmentPromotion {
    /// Takes the top off a slot, down to what was there before, and freezes it. No gate is asked, but a rejected image does
    /// not come back. What was promoted with it, and still is there, goes back with it.
    /// - Parameters:
    ///   - target: how far down; the next one that is there and not rejected where nil.
    ///   - collected: the entry that gave a generation's image up; nil where that is there.
    public func rollback(
        _ slot: Slot, to target: GenerationID? = nil,
        collected: (ViewTransaction, GenerationID) throws -> Int64? = { _, _ in nil }, for request: Request
    ) throws -> Outcome {
        while true {
            do { return try takeBack(slot, to: target, collected, for: request) } catch LedgerError.lostRace(
                let subject)
                where subject.isImage
            {
                // What it would have gone to was rejected or collected meanwhile.
                continue
            }
        }
    }

    /// Where a rollback of a slot would go; nil where it would go nowhere.
    public func rollbackTarget(
        of slot: Slot, collected: (ViewTransaction, GenerationID) throws -> Int64?
    ) throws -> GenerationID? {
        try ledger.read { transaction in
            try RollbackState(slot, to: nil, { try collected(transaction, $0) }, in: transaction).destination?
                .generation
        }
    }

    private func takeBack(
        _ slot: Slot, to target: GenerationID?, _ collected: (ViewTransaction, GenerationID) throws -> Int64?,
        for request: Request
    ) throws -> Outcome {
        let (states, staying) = try ledger.read { transaction in
            try together(slot, to: target, { try collected(transaction, $0) }, in: transaction)
        }
        guard states[0].state.current != nil else { throw try emptiness(of: slot) }
        let moves = try moves(states, reason: request.reason)
        let freezes = moves.map { move in
            SlotFreeze(
                slot: move.slot, isFrozen: true,
                reason: "rolled back from \(move.from.map(\.number.description) ?? "nothing")")
        }
        let joint: [any RecordedAct] = JointMove(moves).map { [$0] } ?? moves
        let heads = states.reduce(into: [Subject: Int64?]()) { $0.merge($1.heads) { first, _ in first } }
        let entry = try append(joint + freezes, expecting: heads, for: request)
        return Outcome(
            move: moves[0], others: Array(moves.dropFirst()), entry: entry, isNothingToDo: false, staying: staying)
    }

    /// The moves of all; where only another slot's is barred, it says how this one goes back alone.
    private func moves(_ states: [RollbackState], reason: String?) throws -> [SlotMove] {
        let first = try states[0].move(reason: reason)
        return try [first]
            + states.dropFirst().map { state in
                do { return try state.move(reason: reason) } catch let error as PromotionError {
                    throw PromotionError.jointTarget(first.slot, to: first.to, error)
                }
            }
    }

    /// The slot and those whose top came by the same entry, and those that stay although they came by it.
    private func together(
        _ slot: Slot, to target: GenerationID?, _ collected: (GenerationID) throws -> Int64?,
        in transaction: ViewTransaction
    ) throws -> (back: [RollbackState], staying: [Outcome.Staying]) {
        let first = try RollbackState(slot, to: target, collected, in: transaction)
        guard let head = first.state.current, let joint = try JointMove(try transaction.entry(head.entry)) else {
            return ([first], [])
        }
        let others = try joint.moves.map(\.slot).filter { $0 != slot }
            .map { try RollbackState($0, to: nil, collected, in: transaction) }
        let reasons = others.map { $0.reasonToStay(with: head.entry, isAlone: target != nil) }
        let staying = zip(others, reasons).compactMap { other, reason in
            reason.map {
                Outcome.Staying(slot: other.state.slot, generation: other.state.current?.generation, reason: $0)
            }
        }
        return ([first] + zip(others, reasons).filter { $1 == nil }.map(\.0), staying)
    }

    /// Why there is nothing to roll back: perhaps the name is misspelt.
    private func emptiness(of slot: Slot) throws -> PromotionError {
        let policy = try policy()
        guard policy.environment(slot.environment) == nil else { return .emptySlot(slot) }
        return .unknownEnvironment(slot.environment, known: policy.environments.map(\.name))
    }
}

/// A slot, and the place that a rollback takes it to. Of its stack only so much is read as that needs.
private struct RollbackState {
    let state: SlotState
    private let target: GenerationID?
    /// The place to go to, or why none will do; nil where nothing lies below.
    private let found: Result<SlotState.Place, PromotionError>?
    /// What must not have moved until it is done: the slot, and what is known of the image that it goes to.
    let heads: [Subject: Int64?]
    /// The place to go to; nil where none will do.
    var destination: SlotState.Place? { try? found?.get() }
    private static let page = 50

    init(
        _ slot: Slot, to target: GenerationID?, _ collected: (GenerationID) throws -> Int64?,
        in transaction: ViewTransaction
    ) throws {
        state = try EnvironmentPromotion.state(of: slot, depth: 2, in: transaction)
        self.target = target
        let top = try EnvironmentPromotion.places(in: slot, below: .max, limit: 1, transaction).first?.depth ?? 0
        func obstacle(_ place: SlotState.Place, next: GenerationID? = nil) throws -> PromotionError? {
            if let entry = try SituationReader(transaction: transaction).rejection(of: place.image)?.entry {
                return .rejectedTarget(place.generation, slot, entry: entry, next: next)
            }
            return try collected(place.generation).map { .collectedTarget(place.generation, slot, entry: $0) }
        }
        func nearest() throws -> Result<SlotState.Place, PromotionError>? {
            try Self.nearest(in: slot, below: top, { try obstacle($0) }, transaction)
        }
        if let target {
            let place = try EnvironmentPromotion.place(of: target, in: slot, below: top, transaction)
            found = try place.map { place in
                guard try obstacle(place) != nil else { return .success(place) }
                let next = try nearest().flatMap { try? $0.get() }
                return try obstacle(place, next: next?.generation).map { .failure($0) } ?? .success(place)
            }
        } else {
            found = try nearest()
        }
        var heads: [Subject: Int64?] = [.slot(slot): state.heads[.slot(slot)] ?? nil]
        if case .success(let place) = found {
            heads[.image(place.image)] = try transaction.head(of: .image(place.image))
        }
        self.heads = heads
    }

    /// The uppermost place that nothing bars. Where all that lies below is barred, the uppermost says why.
    private static func nearest(
        in slot: Slot, below top: Int64, _ obstacle: (SlotState.Place) throws -> PromotionError?,
        _ transaction: ViewTransaction
    ) throws -> Result<SlotState.Place, PromotionError>? {
        var first: PromotionError?
        var depth = top
        while true {
            let places = try EnvironmentPromotion.places(in: slot, below: depth, limit: page, transaction)
            for (_, place) in places {
                guard let why = try obstacle(place) else { return .success(place) }
                first = first ?? why
            }
            guard let last = places.last else { return first.map { .failure($0) } }
            depth = last.depth
        }
    }

    /// Why it does not go back with what came by the same entry; nil where it does.
    /// - Parameter isAlone: whether a place was named for the other slot, which goes there alone.
    func reasonToStay(with entry: Int64, isAlone: Bool) -> String? {
        guard let current = state.current, current.entry == entry else { return "it moved since" }
        if isAlone { return "a generation was named, so that this slot went back alone" }
        return state.stack.count > 1 ? nil : "nothing lies below \(current.generation)"
    }

    func move(reason: String?) throws -> SlotMove {
        guard let current = state.current else { throw PromotionError.emptySlot(state.slot) }
        guard let found else { throw PromotionError.nothingBelow(state.slot, current.generation, target) }
        let place = try found.get()
        return SlotMove(
            slot: state.slot, direction: .rollback, from: current.generation, to: place.generation,
            image: place.image, commit: place.commit, policy: nil, gates: [], reason: reason, isAutomatic: false)
    }
}
