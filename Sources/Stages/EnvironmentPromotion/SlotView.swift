import BakeModel
import LedgerDatabase

/// The tables that answer what each environment holds.
public struct SlotView: LedgerView {
    public let name = "slots"
    public let version: Int64 = 2
    public let schema = """
        CREATE TABLE slot_stack (
            slot TEXT NOT NULL, depth INTEGER NOT NULL, generation TEXT NOT NULL, image TEXT NOT NULL,
            commit_id TEXT NOT NULL, entry INTEGER NOT NULL, time TEXT NOT NULL, PRIMARY KEY (slot, depth)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX slot_stack_bottoms ON slot_stack (slot) WHERE depth = 1;
        CREATE TABLE slot_moves (
            slot TEXT NOT NULL, entry INTEGER NOT NULL, generation TEXT NOT NULL, image TEXT NOT NULL,
            time TEXT NOT NULL, PRIMARY KEY (slot, entry)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX slot_moves_by_image ON slot_moves (slot, image, entry);
        CREATE TABLE slot_freezes (
            slot TEXT PRIMARY KEY, entry INTEGER NOT NULL, reason TEXT
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE policies (entry INTEGER PRIMARY KEY) STRICT;
        """

    /// Makes the view.
    public init() {}

    public func apply(_ entry: Entry, to transaction: ViewTransaction) throws {
        if let move = try SlotMove(entry) { try apply(move, entry, to: transaction) }
        if let freeze = try SlotFreeze(entry) { try apply(freeze, entry, to: transaction) }
        if try PolicyApplied(entry) != nil {
            try transaction.execute("INSERT INTO policies VALUES (?)", [.integer(entry.sequence)])
        }
    }

    private func apply(_ move: SlotMove, _ entry: Entry, to transaction: ViewTransaction) throws {
        let slot = LedgerValue.text(move.slot.description)
        try transaction.execute(
            "INSERT INTO slot_moves VALUES (?, ?, ?, ?, ?)",
            [
                slot, .integer(entry.sequence), .text(move.to.description), .text(move.image.description),
                .text(entry.time.description),
            ])
        switch move.direction {
        case .promote:
            try transaction.execute(
                """
                INSERT INTO slot_stack SELECT ?1, coalesce(max(depth), 0) + 1, ?2, ?3, ?4, ?5, ?6
                FROM slot_stack WHERE slot = ?1
                """,
                [
                    slot, .text(move.to.description), .text(move.image.description), .text(move.commit.hex),
                    .integer(entry.sequence), .text(entry.time.description),
                ])
        case .rollback:
            // Down to the uppermost place below the top where that generation was.
            try transaction.execute(
                """
                DELETE FROM slot_stack WHERE slot = ?1 AND depth > (
                    SELECT max(depth) FROM slot_stack WHERE slot = ?1 AND generation = ?2
                    AND depth < (SELECT max(depth) FROM slot_stack WHERE slot = ?1))
                """,
                [slot, .text(move.to.description)])
        }
    }

    private func apply(_ freeze: SlotFreeze, _ entry: Entry, to transaction: ViewTransaction) throws {
        let slot = LedgerValue.text(freeze.slot.description)
        if freeze.isFrozen {
            try transaction.execute(
                "INSERT OR REPLACE INTO slot_freezes VALUES (?, ?, ?)",
                [slot, .integer(entry.sequence), LedgerValue(freeze.reason)])
        } else {
            try transaction.execute("DELETE FROM slot_freezes WHERE slot = ?", [slot])
        }
    }
}
