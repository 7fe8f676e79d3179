import BakeModel
import LedgerDatabase

/// What a slot holds now, and what lies below.
public struct SlotState: Hashable, Sendable {
    /// One place of the stack.
    public struct Place: Hashable, Sendable {
        /// The generation.
        public let generation: GenerationID
        /// Its image.
        public let image: Digest
        /// Its commit.
        public let commit: CommitID
        /// The entry that promoted it there. A rollback to it makes no place, and so no other entry.
        public let entry: Int64
        /// When that was.
        public let since: Timestamp
    }

    /// A move of the slot: the entry, and when.
    public struct Move: Hashable, Sendable {
        /// Its entry.
        public let entry: Int64
        /// When that was.
        public let time: Timestamp
    }

    /// Which slot.
    public let slot: Slot
    /// What it holds, and below it where rollbacks would go, as far as that was asked; the head first.
    public let stack: [Place]
    /// The promotion or rollback that brought what it holds now; nil where it is empty.
    public let latestMove: Move?
    /// What closes it, or closed it until a time that may be over, the narrowest first.
    let freezes: [Freeze]
    /// The numbers of the latest entries that moved it, closed it, or said something about what it may hold.
    let heads: [Subject: Int64?]

    /// What it holds; nil where it is empty.
    public var current: Place? { stack.first }
}

extension EnvironmentPromotion {
    /// What a slot holds. A slot that was never moved is empty.
    /// - Parameter depth: how much of its stack is read at most: 1 is what the slot holds.
    public func state(of slot: Slot, depth: Int = .max) throws -> SlotState {
        try ledger.read { try Self.state(of: slot, depth: depth, in: $0) }
    }

    /// Whether a generation is somewhere in a slot's stack.
    static func holds(_ slot: Slot, _ generation: GenerationID, in transaction: ViewTransaction) throws -> Bool {
        try transaction.row(
            SlotQuery.place.rawValue, [.text(slot.description), .text(generation.description), .integer(.max)]) != nil
    }

    /// The uppermost place of a generation in a slot's stack, below a depth.
    static func place(
        of generation: GenerationID, in slot: Slot, below depth: Int64, _ transaction: ViewTransaction
    ) throws -> SlotState.Place? {
        try transaction.row(
            SlotQuery.place.rawValue,
            [.text(slot.description), .text(generation.description), .integer(depth)]
        ).map(place)
    }

    /// Some places of a slot's stack below a depth, the uppermost first, with their depths.
    static func places(
        in slot: Slot, below depth: Int64, limit: Int, _ transaction: ViewTransaction
    ) throws -> [(depth: Int64, place: SlotState.Place)] {
        try transaction.rows(
            SlotQuery.places.rawValue, [.text(slot.description), .integer(depth), .integer(Int64(limit))]
        ).map { (try $0.integer("depth"), try place($0)) }
    }

    /// Every slot that was ever moved, by name.
    /// - Parameter depth: how much of each stack is read at most: 1 is what the slot holds.
    public func slots(depth: Int = .max) throws -> [SlotState] {
        try ledger.read { transaction in
            try transaction.rows(SlotQuery.slots.rawValue).map { row in
                guard let slot = Slot(try row.text("slot")) else { throw Self.unreadable }
                return try Self.state(of: slot, depth: depth, in: transaction)
            }
        }
    }

    /// What a slot held after each of its moves, the latest first: the first is what it holds.
    public func history(of slot: Slot, limit: Int) throws -> [GenerationID] {
        try ledger.read {
            try $0.rows(SlotQuery.history.rawValue, [.text(slot.description), .integer(Int64(limit))])
        }.map { row in
            guard let generation = GenerationID(try row.text("generation")) else { throw Self.unreadable }
            return generation
        }
    }

    /// Whether an environment never held a generation's image, and holds nothing that came later.
    public func awaits(_ generation: GenerationRecord, in environment: EnvironmentName) throws -> Bool {
        let slot = Slot(pipeline: generation.id.pipeline, environment: environment)
        return try ledger.read { transaction in
            let current = try Self.state(of: slot, depth: 1, in: transaction).current
            guard current.map({ $0.generation.number < generation.id.number }) ?? true else { return false }
            return try SituationReader(transaction: transaction).arrival(of: generation.image, at: slot) == nil
        }
    }

    /// When an environment had a generation's image before, under whatever number; nil where it never had it.
    public func earlierStay(of generation: GenerationRecord, in environment: EnvironmentName) throws -> EarlierStay? {
        let slot = Slot(pipeline: generation.id.pipeline, environment: environment)
        return try ledger.read { transaction in
            let words = [slot.description, generation.image.description].map(LedgerValue.text)
            guard let row = try transaction.row(SlotQuery.arrival.rawValue, words) else { return nil }
            guard let earlier = GenerationID(try row.text("generation")) else { throw Self.unreadable }
            return EarlierStay(
                slot: slot, generation: earlier, entry: try row.integer("entry"),
                isBelow: try Self.holds(slot, earlier, in: transaction))
        }
    }

    static func state(of slot: Slot, depth: Int = .max, in transaction: ViewTransaction) throws -> SlotState {
        let key = LedgerValue.text(slot.description)
        let stack = try transaction.rows(SlotQuery.stack.rawValue, [key, .integer(Int64(depth))])
        let subjects: [Subject] = [.slot(slot), .approvals(slot), .environment(slot.environment), .environments]
        return SlotState(
            slot: slot, stack: try stack.map(Self.place), latestMove: try latestMove(of: slot, in: transaction),
            freezes: try freezes(of: slot, in: transaction),
            heads: try Dictionary(uniqueKeysWithValues: subjects.map { ($0, try transaction.head(of: $0)) }))
    }

    private static func latestMove(of slot: Slot, in transaction: ViewTransaction) throws -> SlotState.Move? {
        try transaction.row(SlotQuery.latestMove.rawValue, [.text(slot.description)]).map { row in
            guard let time = Timestamp(try row.text("time")) else { throw unreadable }
            return SlotState.Move(entry: try row.integer("entry"), time: time)
        }
    }

    static var unreadable: LedgerError { .falseView("the view slots", detail: "a row cannot be read") }

    private static func place(_ row: LedgerRow) throws -> SlotState.Place {
        guard let generation = GenerationID(try row.text("generation")), let image = Digest(try row.text("image")),
            let commit = CommitID(try row.text("commit_id")), let since = Timestamp(try row.text("time"))
        else { throw unreadable }
        return SlotState.Place(
            generation: generation, image: image, commit: commit, entry: try row.integer("entry"), since: since)
    }
}
