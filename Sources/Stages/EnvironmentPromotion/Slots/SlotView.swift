import BakeModel
import LedgerDatabase

/// The tables that answer what each environment holds. What bars an image, or lets it in, is asked of the entries: these are
/// tables that anybody who can write to the store can change.
public struct SlotView: LedgerView {
    public let name = "slots"
    public let version: Int64 = 6
    public let schema = """
        CREATE TABLE slot_stack (
            slot TEXT NOT NULL, depth INTEGER NOT NULL, generation TEXT NOT NULL, image TEXT NOT NULL,
            commit_id TEXT NOT NULL, entry INTEGER NOT NULL, time TEXT NOT NULL, PRIMARY KEY (slot, depth)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX slot_stack_by_generation ON slot_stack (slot, generation, depth);
        CREATE INDEX slot_stack_bottoms ON slot_stack (slot) WHERE depth = 1;
        CREATE TABLE slot_moves (
            slot TEXT NOT NULL, entry INTEGER NOT NULL, generation TEXT NOT NULL, image TEXT NOT NULL,
            time TEXT NOT NULL, PRIMARY KEY (slot, entry)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX slot_moves_by_image ON slot_moves (slot, image, entry);
        CREATE TABLE slot_glass (
            slot TEXT NOT NULL, entry INTEGER NOT NULL, closed_by INTEGER, PRIMARY KEY (slot, entry)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX slot_glass_open ON slot_glass (entry, slot) WHERE closed_by IS NULL;
        CREATE TABLE image_births (image TEXT PRIMARY KEY, entry INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        """

    /// Makes the view.
    public init() {}

    public func apply(_ entry: Entry, to transaction: ViewTransaction) throws {
        for move in try SlotMove.all(of: entry) { try apply(move, entry, to: transaction) }
        if let record = try GenerationRecord(entry) { try apply(record, entry, to: transaction) }
        if let review = try GlassReview(entry) { try apply(review, entry, to: transaction) }
        if try ClockCorrection(entry) != nil { try correct(entry, in: transaction) }
    }

    private func apply(_ move: SlotMove, _ entry: Entry, to transaction: ViewTransaction) throws {
        let slot = LedgerValue.text(move.slot.description)
        try transaction.execute(
            "INSERT INTO slot_moves VALUES (?, ?, ?, ?, ?)",
            [
                slot, .integer(entry.sequence), .text(move.to.description), .text(move.image.description),
                .text(entry.time.description),
            ])
        if move.brokenGlass != nil {
            try transaction.execute(
                "INSERT INTO slot_glass VALUES (?, ?, NULL)", [slot, .integer(entry.sequence)])
        }
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

    /// What is said to have happened later happened before it.
    private func correct(_ entry: Entry, in transaction: ViewTransaction) throws {
        for table in ["slot_moves", "slot_stack"] {
            try transaction.execute(
                "UPDATE \(table) SET time = ?1 WHERE time > ?1", [.text(entry.time.description)])
        }
    }

    private func apply(_ record: GenerationRecord, _ entry: Entry, to transaction: ViewTransaction) throws {
        try transaction.execute(
            "INSERT INTO image_births VALUES (?, ?) ON CONFLICT DO NOTHING",
            [.text(record.image.description), .integer(entry.sequence)])
    }

    private func apply(_ review: GlassReview, _ entry: Entry, to transaction: ViewTransaction) throws {
        guard review.isClosing else { return }
        try transaction.execute(
            "UPDATE slot_glass SET closed_by = ? WHERE slot = ? AND entry = ?",
            [.integer(entry.sequence), .text(review.slot.description), .integer(review.move)])
    }
}
