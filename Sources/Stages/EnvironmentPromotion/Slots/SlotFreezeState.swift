import BakeModel
import LedgerDatabase

extension SlotState {
    /// Something that closes the slot.
    public struct Freeze: Hashable, Sendable {
        /// How much it closes.
        public let scope: SlotFreeze.Scope
        /// Why; empty where nobody said.
        public let reason: String
        /// Until when; until somebody thaws where nil.
        public let until: Timestamp?
        /// The entry that closed it.
        public let entry: Int64
        /// What its clock said when it was closed, and when that was at the latest.
        fileprivate let clock: Timestamp
        fileprivate let latest: Timestamp
        /// What speaks against that clock, where something does: its end then may lie later than anybody meant.
        fileprivate var doubt: String?

        /// `frozen: sale`, `production frozen until …: sale`.
        public var text: String {
            var words = "frozen"
            if case .slot = scope {} else { words = "\(scope) \(words)" }
            if let until { words += " until \(until)" }
            if let doubt { words += " (\(doubt))" }
            return reason.isEmpty ? words : "\(words): \(reason)"
        }

        /// Whether it has not run out.
        func isClosed(at time: Timestamp) -> Bool { until.map { time < $0 } ?? true }

        /// The freeze as a record, with the command that opens what it closes.
        public var json: JSON {
            .record([
                "scope": .string(scope.description), "until": until.map { .string($0.description) },
                "reason": .string(reason), "entry": .number(entry), "thaw": .string(scope.thaw),
                "doubt": doubt.map(JSON.string),
            ])
        }

        /// The freeze as somebody sees it whose clock says a time: one that was made later than that is doubtful.
        fileprivate func seen(at time: Timestamp) -> Freeze {
            let isLater = { (other: Timestamp) in clock.milliseconds - other.milliseconds > Entry.clockTolerance }
            var freeze = self
            if isLater(latest) {
                freeze.doubt = "made by a clock that was ahead: it said \(clock)"
            } else if isLater(time) {
                freeze.doubt = "made at \(clock), which is still to come: that clock was ahead, or this one is behind"
            }
            return freeze
        }
    }

    /// What closes it at a time, the narrowest first.
    public func freezes(at time: Timestamp) -> [Freeze] {
        freezes.filter { $0.isClosed(at: time) }.map { $0.seen(at: time) }
    }
}

extension EnvironmentPromotion {
    /// What closes a part of a scope, or all of it, at a time, beside what was said of that scope itself.
    public func freezes(beside scope: SlotFreeze.Scope, at time: Timestamp) throws -> [SlotState.Freeze] {
        try ledger.read { transaction in
            try transaction.latestOfEach(SlotFreeze.self).compactMap { try Self.freeze($0, $1, in: transaction) }
        }.filter { $0.scope != scope && $0.scope.overlaps(scope) && $0.isClosed(at: time) }.map { $0.seen(at: time) }
    }

    /// Everything that closes a slot, also what has run out.
    static func freezes(of slot: Slot, in transaction: ViewTransaction) throws -> [SlotState.Freeze] {
        try [.slot(slot), .environment(slot.environment), .all].compactMap { scope in
            try freeze(of: scope, in: transaction)
        }
    }

    static func freeze(
        of scope: SlotFreeze.Scope, in transaction: ViewTransaction
    ) throws -> SlotState.Freeze? {
        try transaction.latest(SlotFreeze.self, of: scope.subject).flatMap { try freeze($0, $1, in: transaction) }
    }

    /// What an act closed; nil where it opened it.
    private static func freeze(
        _ freeze: SlotFreeze, _ entry: Entry, in transaction: ViewTransaction
    ) throws -> SlotState.Freeze? {
        guard freeze.isFrozen else { return nil }
        return SlotState.Freeze(
            scope: freeze.scope, reason: freeze.reason ?? "", until: freeze.until, entry: entry.sequence,
            clock: entry.clock, latest: try SituationReader(transaction: transaction).time(of: entry))
    }
}
