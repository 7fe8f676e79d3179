import BakeModel
import LedgerDatabase

/// The tables that answer what each environment holds.
public struct SlotView: LedgerView {
    public let name = "slots"
    public let version: Int64 = 5
    public let schema = """
        CREATE TABLE slot_stack (
            slot TEXT NOT NULL, depth INTEGER NOT NULL, generation TEXT NOT NULL, image TEXT NOT NULL,
            commit_id TEXT NOT NULL, entry INTEGER NOT NULL, time TEXT NOT NULL, PRIMARY KEY (slot, depth)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX slot_stack_by_generation ON slot_stack (slot, generation, depth);
        CREATE INDEX slot_stack_bottoms ON slot_stack (slot) WHERE depth = 1;
        CREATE TABLE slot_moves (
            slot TEXT NOT NULL, entry INTEGER NOT NULL, generation TEXT NOT NULL, image TEXT NOT NULL,
            time TEXT NOT NULL, promoted INTEGER NOT NULL, PRIMARY KEY (slot, entry)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX slot_moves_by_image ON slot_moves (slot, image, entry);
        CREATE TABLE slot_freezes (
            scope TEXT PRIMARY KEY, entry INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE slot_approvals (
            slot TEXT NOT NULL, image TEXT NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (slot, image, entry)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE slot_glass (
            slot TEXT NOT NULL, entry INTEGER NOT NULL, closed_by INTEGER, PRIMARY KEY (slot, entry)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX slot_glass_open ON slot_glass (entry, slot) WHERE closed_by IS NULL;
        CREATE TABLE slot_reviews (
            slot TEXT NOT NULL, move INTEGER NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (slot, move, entry)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE image_rejections (image TEXT PRIMARY KEY, entry INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE image_tests (
            image TEXT NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (image, entry)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE image_rebakes (
            image TEXT NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (image, entry)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE image_births (image TEXT PRIMARY KEY, entry INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE policies (entry INTEGER PRIMARY KEY) STRICT;
        CREATE TABLE clock_corrections (entry INTEGER PRIMARY KEY, time INTEGER NOT NULL) STRICT;
        """

    /// Makes the view.
    public init() {}

    public func apply(_ entry: Entry, to transaction: ViewTransaction) throws {
        for move in try SlotMove.all(of: entry) { try apply(move, entry, to: transaction) }
        if let freeze = try SlotFreeze(entry) { try apply(freeze, entry, to: transaction) }
        try applyEvidence(entry, to: transaction)
        if try PolicyApplied(entry) != nil {
            try transaction.execute("INSERT INTO policies VALUES (?)", [.integer(entry.sequence)])
        }
        if try ClockCorrection(entry) != nil { try correct(entry, in: transaction) }
    }

    private func apply(_ move: SlotMove, _ entry: Entry, to transaction: ViewTransaction) throws {
        let slot = LedgerValue.text(move.slot.description)
        try transaction.execute(
            "INSERT INTO slot_moves VALUES (?, ?, ?, ?, ?, ?)",
            [
                slot, .integer(entry.sequence), .text(move.to.description), .text(move.image.description),
                .text(entry.time.description), .integer(move.direction == .promote ? 1 : 0),
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
        try transaction.execute(
            "INSERT INTO clock_corrections VALUES (?, ?)",
            [.integer(entry.sequence), .integer(entry.time.milliseconds)])
    }

    private func apply(_ freeze: SlotFreeze, _ entry: Entry, to transaction: ViewTransaction) throws {
        let scope = LedgerValue.text(freeze.scope.subject.text)
        if freeze.isFrozen {
            try transaction.execute(
                "INSERT OR REPLACE INTO slot_freezes VALUES (?, ?)", [scope, .integer(entry.sequence)])
        } else {
            try transaction.execute("DELETE FROM slot_freezes WHERE scope = ?", [scope])
        }
    }

    /// What is known of images: when they came to be, what tests, rebakes and people said of them.
    private func applyEvidence(_ entry: Entry, to transaction: ViewTransaction) throws {
        let number = LedgerValue.integer(entry.sequence)
        let note = { (sql: String, words: [String]) in
            try transaction.execute(sql, words.map(LedgerValue.text) + [number])
        }
        if let record = try GenerationRecord(entry) {
            try note("INSERT INTO image_births VALUES (?, ?) ON CONFLICT DO NOTHING", [record.image.description])
        }
        if let test = try TestRecord(entry) {
            try note("INSERT INTO image_tests VALUES (?, ?)", [test.image.description])
        }
        if let rebake = try RebakeRecord(entry) {
            try note("INSERT INTO image_rebakes VALUES (?, ?)", [rebake.image.description])
        }
        if let rejection = try Rejection(entry) {
            try note("INSERT INTO image_rejections VALUES (?, ?) ON CONFLICT DO NOTHING", [rejection.image.description])
        }
        if let approval = try Approval(entry) {
            try note(
                "INSERT INTO slot_approvals VALUES (?, ?, ?)",
                [approval.slot.description, approval.image.description])
        }
        if let review = try GlassReview(entry) { try apply(review, number, to: transaction) }
    }

    private func apply(_ review: GlassReview, _ number: LedgerValue, to transaction: ViewTransaction) throws {
        let slot = LedgerValue.text(review.slot.description)
        try transaction.execute(
            "INSERT INTO slot_reviews VALUES (?, ?, ?)", [slot, .integer(review.move), number])
        guard review.isClosing else { return }
        try transaction.execute(
            "UPDATE slot_glass SET closed_by = ? WHERE slot = ? AND entry = ?",
            [number, slot, .integer(review.move)])
    }
}
