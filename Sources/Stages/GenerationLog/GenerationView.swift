import BakeModel
import LedgerDatabase

/// The tables that answer which generations there are.
public struct GenerationView: LedgerView {
    public let name = "generations"
    public let version: Int64 = 3
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
        """

    /// Makes the view.
    public init() {}

    public func apply(_ entry: Entry, to transaction: ViewTransaction) throws {
        if let record = try GenerationRecord(entry) {
            try transaction.execute(
                "INSERT INTO generations VALUES (?, ?, ?, ?, ?, ?)",
                [
                    .text(record.id.pipeline.text), .integer(Int64(record.id.number.value)),
                    .text(record.image.description), LedgerValue(record.spec?.description),
                    .text(record.commit.id.hex), .integer(entry.sequence),
                ])
        }
        if let record = try BuildRecord(entry) {
            try transaction.execute(
                "INSERT INTO builds VALUES (?, ?, ?)",
                [.integer(entry.sequence), .text(record.pipeline.text), .text(record.outcome.rawValue)])
            try transaction.execute(
                "INSERT INTO sources VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                [.text(record.pipeline.text), .text(record.source), .integer(entry.sequence)])
        }
        if let applied = try PolicyApplied(entry) { try apply(applied.policy, entry, to: transaction) }
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
