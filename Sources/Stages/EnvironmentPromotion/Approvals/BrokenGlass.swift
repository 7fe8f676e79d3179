import BakeModel
import LedgerDatabase

/// A promotion that was made past its gates.
public struct BrokenGlass: Hashable, Sendable {
    /// What moved.
    public let move: SlotMove
    /// The entry that moved it.
    public let entry: Int64
    /// Who did it.
    public let actor: Actor
    /// The command that settles it.
    public var command: String { "bake approve \(move.to) \(move.slot.environment)" }
}

extension EnvironmentPromotion {
    /// The promotions past their gates that no second person has looked at, in their order.
    public func openGlass() throws -> [BrokenGlass] {
        try ledger.read { transaction in
            try transaction.rows(SlotQuery.openGlass.rawValue).map { row in
                let entry = try transaction.entry(try row.integer("entry"))
                let slot = try row.text("slot")
                guard let move = try SlotMove.all(of: entry).first(where: { $0.slot.description == slot }) else {
                    throw Self.unreadable
                }
                return BrokenGlass(move: move, entry: entry.sequence, actor: entry.actor)
            }
        }
    }

    /// The entry of the review that settled a promotion past its gates; nil where none did.
    public func closing(ofGlass entry: Int64, in slot: Slot) throws -> Int64? {
        try ledger.read { transaction in
            try transaction.row(SlotQuery.glass.rawValue, [.text(slot.description), .integer(entry)])?["closed_by"]
                .integer
        }
    }

    /// Who has looked at a promotion past its gates, in their order.
    public func reviewers(ofGlass entry: Int64, in slot: Slot) throws -> [Actor] {
        try ledger.read { transaction in
            try SituationReader(transaction: transaction).reviews(ofGlass: entry, in: slot)
                .map { try transaction.entry($0.entry).actor }
        }
    }

    /// The latest promotion of a generation to a slot past its gates that waits for a second person.
    static func openGlass(
        of slot: Slot, _ generation: GenerationID, in transaction: ViewTransaction
    ) throws -> PromotionSituation.Recorded<SlotMove>? {
        for row in try transaction.rows(SlotQuery.openGlass.rawValue).reversed()
        where try row.text("slot") == slot.description {
            let entry = try transaction.entry(try row.integer("entry"))
            for move in try SlotMove.all(of: entry) where move.slot == slot && move.to == generation {
                return PromotionSituation.Recorded(act: move, entry: entry.sequence, time: entry.time)
            }
        }
        return nil
    }
}
