import BakeModel
import LedgerDatabase

/// The tables that answer what was where, from when to when.
public struct AuditView: LedgerView {
    public let name = "audit"
    public let version: Int64 = 6
    public let schema = """
        CREATE TABLE audit_spans (
            slot TEXT NOT NULL, entry INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER, ended_by INTEGER,
            generation TEXT NOT NULL, image TEXT NOT NULL, commit_id TEXT NOT NULL, PRIMARY KEY (slot, entry)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX audit_spans_by_time ON audit_spans (slot, since);
        CREATE INDEX audit_spans_by_image ON audit_spans (image, entry);
        CREATE INDEX audit_spans_by_commit ON audit_spans (commit_id, entry);
        CREATE INDEX audit_spans_open ON audit_spans (slot) WHERE until IS NULL;
        CREATE INDEX audit_spans_by_generation ON audit_spans (generation, entry);
        CREATE TABLE audit_generations (
            generation TEXT PRIMARY KEY, entry INTEGER NOT NULL, packages TEXT
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX audit_generations_unlisted ON audit_generations (generation) WHERE packages IS NULL;
        CREATE TABLE audit_acts (
            name TEXT NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (name, entry)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE audit_rejections (
            image TEXT PRIMARY KEY, rejected INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE audit_package_lists (
            list TEXT PRIMARY KEY, generations INTEGER NOT NULL, promoted INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE audit_package_spans (
            list TEXT NOT NULL, slot TEXT NOT NULL, entry INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER,
            ended_by INTEGER, first TEXT NOT NULL, last TEXT NOT NULL, PRIMARY KEY (list, slot, entry)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX audit_package_spans_open ON audit_package_spans (slot) WHERE until IS NULL;
        """

    /// Makes the view.
    public init() {}

    public func apply(_ entry: Entry, to transaction: ViewTransaction) throws {
        if let record = try GenerationRecord(entry) {
            try transaction.execute(
                "INSERT INTO audit_generations VALUES (?, ?, ?)",
                [
                    .text(record.id.description), .integer(entry.sequence), LedgerValue(record.packages?.description),
                ])
            if let list = record.packages {
                try transaction.execute(
                    """
                    INSERT INTO audit_package_lists VALUES (?, 1, 0)
                    ON CONFLICT DO UPDATE SET generations = generations + 1
                    """, [.text(list.description)])
            }
        }
        try note(entry, in: transaction)
        for move in try SlotMove.all(of: entry) { try apply(move, entry, to: transaction) }
        if try ClockCorrection(entry) != nil {
            let time = LedgerValue.integer(entry.time.milliseconds)
            for table in ["audit_spans", "audit_package_spans"] {
                try transaction.execute("UPDATE \(table) SET since = ?1 WHERE since > ?1", [time])
                try transaction.execute("UPDATE \(table) SET until = ?1 WHERE until > ?1", [time])
            }
        }
    }

    private func apply(_ move: SlotMove, _ entry: Entry, to transaction: ViewTransaction) throws {
        let slot = LedgerValue.text(move.slot.description)
        let time = LedgerValue.integer(entry.time.milliseconds)
        try AuditPackages(transaction).follow(move, entry)
        try transaction.execute(Self.ending, [time, .integer(entry.sequence), slot])
        try transaction.execute(
            "INSERT INTO audit_spans VALUES (?, ?, ?, NULL, NULL, ?, ?, ?)",
            [
                slot, .integer(entry.sequence), time, .text(move.to.description), .text(move.image.description),
                .text(move.commit.hex),
            ])
    }

    /// Ends what a slot holds. The index is named, because SQLite would take the primary key, and read all that the slot ever held.
    static let ending = """
        UPDATE audit_spans INDEXED BY audit_spans_open SET until = ?, ended_by = ? WHERE slot = ? AND until IS NULL
        """

    /// Whoever did it, under every name that is known of them and under none, for everybody's acts; what a bake did is told by its generation.
    private func note(_ entry: Entry, in transaction: ViewTransaction) throws {
        if Self.silentKinds.contains(entry.act.kind) { return }
        let actor = entry.actor.json
        let names = ["claimed", "signer", "user"].compactMap { actor[$0]?.string }
        for name in Set(names + ["uid:\(entry.actor.userID)", ""]) {
            try transaction.execute("INSERT INTO audit_acts VALUES (?, ?)", [.text(name), .integer(entry.sequence)])
        }
        if entry.act.kind == "rejection", let image = entry.act.body["image"]?.string {
            try transaction.execute(
                "INSERT INTO audit_rejections VALUES (?, ?) ON CONFLICT DO NOTHING",
                [.text(image), .integer(entry.sequence)])
        }
    }

    private static let silentKinds: Set = [
        BuildRecord.kind, GenerationRecord.kind, Attestation.kind, KeyPublication.kind, StoreCreation.kind,
    ]
}
