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

        /// `frozen: sale`, `production frozen until …: sale`.
        public var text: String {
            var words = "frozen"
            if case .slot = scope {} else { words = "\(scope) \(words)" }
            if let until { words += " until \(until)" }
            return reason.isEmpty ? words : "\(words): \(reason)"
        }
    }

    /// What closes it at a time, the narrowest first.
    public func freezes(at time: Timestamp) -> [Freeze] {
        freezes.filter { freeze in freeze.until.map { time < $0 } ?? true }
    }
}

extension EnvironmentPromotion {
    /// Everything that closes a slot, also what has run out.
    static func freezes(of slot: Slot, in transaction: ViewTransaction) throws -> [SlotState.Freeze] {
        try [.slot(slot), .environment(slot.environment), .all].compactMap { scope in
            try freeze(of: scope, in: transaction)
        }
    }

    static func freeze(
        of scope: SlotFreeze.Scope, in transaction: ViewTransaction
    ) throws -> SlotState.Freeze? {
        guard let row = try transaction.row(SlotQuery.freeze.rawValue, [.text(scope.subject.text)]) else { return nil }
        let entry = try transaction.entry(try row.integer("entry"))
        guard let freeze = try SlotFreeze(entry) else {
            throw LedgerError.damaged(path: "the view slots", detail: "entry \(entry.sequence) is no freeze")
        }
        return SlotState.Freeze(
            scope: freeze.scope, reason: freeze.reason ?? "", until: freeze.until, entry: entry.sequence)
    }
}
