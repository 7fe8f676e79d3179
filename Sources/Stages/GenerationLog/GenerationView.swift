import BakeModel
import LedgerDatabase

/// The tables that answer which generations there are.
public struct GenerationView: LedgerView {
    public let name = "generations"
    public let version: Int64 = 5
    public let schema = """
        CREATE TABLE generations (
            pipeline TEXT NOT NULL, number INTEGER NOT NULL, image TEXT NOT NULL, spec TEXT, commit_id TEXT NOT NULL,
            entry INTEGER NOT NULL, PRIMARY KEY (pipeline, number)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX generations_by_image ON generations (image, entry);
        CREATE INDEX generations_by_commit ON generations (pipeline, commit_id);
        CREATE INDEX generations_by_entry ON generations (entry);
        CREATE TABLE builds (
            entry INTEGER PRIMARY KEY, pipeline TEXT NOT NULL, outcome TEXT NOT NULL
        ) STRICT;
        CREATE INDEX builds_by_pipeline ON builds (pipeline, entry);
        CREATE TABLE sources (
            pipeline TEXT PRIMARY KEY, source TEXT NOT NULL, entry INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE origins (
            pipeline TEXT PRIMARY KEY, source TEXT NOT NULL, entry INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE pins (
            pipeline TEXT NOT NULL, number INTEGER NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (pipeline, number)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE collected (
            pipeline TEXT NOT NULL, number INTEGER NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (pipeline, number)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE kept_images (
            image TEXT NOT NULL, pipeline TEXT NOT NULL, number INTEGER NOT NULL,
            PRIMARY KEY (pipeline, number, image)
        ) STRICT, WITHOUT ROWID;
        """

    /// Makes the view.
    public init() {}

    public func apply(_ entry: Entry, to transaction: ViewTransaction) throws {
        if let record = try GenerationRecord(entry) {
            try transaction.execute(
                "INSERT INTO generations VALUES (?, ?, ?, ?, ?, ?)",
                [
                    .text(record.id.pipeline.text), .integer(record.id.place),
                    .text(record.image.description), LedgerValue(record.spec?.description),
                    .text(record.commit.id.hex), .integer(entry.sequence),
                ])
        }
        if let record = try GenerationRecord(entry) { try keep(record.id, record.image, in: transaction) }
        if let record = try BuildRecord(entry) {
            try transaction.execute(
                "INSERT INTO builds VALUES (?, ?, ?)",
                [.integer(entry.sequence), .text(record.pipeline.text), .text(record.outcome.rawValue)])
            try transaction.execute(
                "INSERT INTO sources VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                [.text(record.pipeline.text), .text(record.source), .integer(entry.sequence)])
        }
        if let applied = try PolicyApplied(entry) { try apply(applied.policy, entry, to: transaction) }
        try keep(entry, in: transaction)
    }

    /// What is kept on purpose, what was given up, and what was made again since.
    private func keep(_ entry: Entry, in transaction: ViewTransaction) throws {
        if let pin = try GenerationPin(entry) {
            try transaction.execute(
                pin.isPinned
                    ? "INSERT OR REPLACE INTO pins VALUES (?1, ?2, ?3)"
                    : "DELETE FROM pins WHERE pipeline = ?1 AND number = ?2 AND entry < ?3",
                Self.key(pin.generation, entry))
        }
        for generation in try ImageCollection(entry)?.generations ?? [] {
            try transaction.execute("INSERT OR REPLACE INTO collected VALUES (?1, ?2, ?3)", Self.key(generation, entry))
            try transaction.execute(
                "DELETE FROM kept_images WHERE pipeline = ? AND number = ?",
                [.text(generation.pipeline.text), .integer(generation.place)])
        }
        if let rebake = try RebakeRecord(entry), rebake.verdict == .same {
            try transaction.execute(
                "DELETE FROM collected WHERE pipeline = ?1 AND number = ?2 AND entry < ?3",
                Self.key(rebake.generation, entry))
            try keep(rebake.generation, rebake.image, in: transaction)
        }
    }

    private func keep(_ generation: GenerationID, _ image: Digest, in transaction: ViewTransaction) throws {
        try transaction.execute(
            "INSERT OR REPLACE INTO kept_images VALUES (?, ?, ?)",
            [.text(image.description), .text(generation.pipeline.text), .integer(generation.place)])
    }

    private static func key(_ generation: GenerationID, _ entry: Entry) -> [LedgerValue] {
        [.text(generation.pipeline.text), .integer(generation.place), .integer(entry.sequence)]
    }

    /// A policy says everything anew. An origin that it still names is as old as it was.
    private func apply(_ policy: Policy, _ entry: Entry, to transaction: ViewTransaction) throws {
        let before = try transaction.rows("SELECT * FROM origins").map {
            (try $0.text("pipeline"), try $0.text("source"), try $0.integer("entry"))
        }
        try transaction.execute("DELETE FROM origins")
        for pipeline in policy.pipelines {
            guard let origin = pipeline.origin else { continue }
            let known = before.first { $0.0 == pipeline.name.text && $0.1 == origin }?.2
            try transaction.execute(
                "INSERT INTO origins VALUES (?, ?, ?)",
                [.text(pipeline.name.text), .text(origin), .integer(known ?? entry.sequence)])
        }
    }
}
