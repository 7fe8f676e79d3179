import BakeModel
import LedgerDatabase
import SSHSignatures

/// Generation → environment: promotes past gates, rolls back without them, freezes and thaws, and takes what people sign.
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
        /// Signs for them; nil where they sign nothing.
        public let signer: SSHSigner?

        /// Describes a request.
        public init(
            actor: Actor, clock: Timestamp, reason: String?, isDryRun: Bool = false, signer: SSHSigner? = nil
        ) {
            self.actor = actor
            self.clock = clock
            self.reason = reason
            self.isDryRun = isDryRun
            self.signer = signer
        }

        func signed(by signer: String?) -> Request {
            Request(
                actor: actor.signed(by: signer), clock: clock, reason: reason, isDryRun: isDryRun, signer: self.signer)
        }
    }

    /// What became of a request.
    public struct Outcome: Hashable, Sendable {
        /// What moved; the first, where several did.
        public let move: SlotMove
        /// What moved with it.
        public var others: [SlotMove] = []
        /// The number of its entry; nil where nothing was written: a dry run, or nothing to do.
        public let entry: Int64?
        /// Whether every slot already held that very generation.
        public let isNothingToDo: Bool
        /// The slots that were only opened, since they held their generation already.
        public var opened: [Slot] = []

        /// What came together with what is rolled back, and stays.
        public var staying: [Staying] = []

        /// A slot that does not go back with another, though it came with it.
        public struct Staying: Hashable, Sendable {
            /// The slot.
            public let slot: Slot
            /// What it holds; nil where nothing.
            public let generation: GenerationID?
            /// Why it stays, as a clause.
            public let reason: String
        }

        /// Everything that moved.
        public var moves: [SlotMove] { [move] + others }
    }

    /// - Returns: the number of the first act's entry; nil for a dry run.
    func append(
        _ acts: [any RecordedAct], expecting heads: [Subject: Int64?], for request: Request
    ) throws -> Int64? {
        if request.isDryRun { return nil }
        return try ledger.append(acts.map(\.act), by: request.actor, clock: request.clock, expecting: heads)
            .first?.sequence
    }

    /// The present for everything that is judged: what the clock says, and never before the ledger's latest entry.
    static func now(_ clock: Timestamp, in transaction: ViewTransaction) throws -> Timestamp {
        let latest = try transaction.latest
        return latest > 0 ? max(clock, try transaction.entry(latest).time) : clock
    }

    /// What tells the store from all others; empty where the ledger is no store's.
    static func store(in transaction: ViewTransaction) throws -> String {
        guard try transaction.latest > 0 else { return "" }
        return try StoreCreation(try transaction.entry(1))?.store ?? ""
    }
}
