import BakeModel
import LedgerDatabase

/// Image + verdict → generation: numbers what passed, remembers what was baked.
public struct GenerationLog: Sendable {
    let ledger: Ledger

    /// Reads and extends a ledger that keeps a `GenerationView`.
    public init(ledger: Ledger) { self.ledger = ledger }

    /// A generation and the entry that made it.
    public struct Found: Hashable, Sendable {
        /// The generation.
        public let record: GenerationRecord
        /// Its entry.
        public let entry: Entry
    }

    /// The newest generation of a pipeline; nil where it has none.
    public func newest(_ pipeline: PipelineName) throws -> Found? {
        try find("pipeline = ? ORDER BY number DESC LIMIT 1", [.text(pipeline.text)]).first
    }

    /// A generation by name; nil where there is none.
    public func find(_ id: GenerationID) throws -> Found? {
        try find("pipeline = ? AND number = ?", [.text(id.pipeline.text), .integer(Int64(id.number.value))]).first
    }

    /// The generations that are this image, oldest first.
    public func find(image: Digest) throws -> [Found] {
        try find("image = ? ORDER BY entry", [.text(image.description)])
    }

    /// The generations that were made from this commit, newest first.
    public func find(_ pipeline: PipelineName, commit: CommitPrefix) throws -> [Found] {
        try find(
            "pipeline = ? AND commit_id >= ? AND commit_id < ? ORDER BY number DESC",
            [.text(pipeline.text), .text(commit.hex), .text(commit.hex + "g")])
    }

    /// The generations of a pipeline, newest first.
    public func generations(of pipeline: PipelineName, limit: Int) throws -> [Found] {
        try find("pipeline = ? ORDER BY number DESC LIMIT ?", [.text(pipeline.text), .integer(Int64(limit))])
    }

    /// Every pipeline that was baked into this store, by name.
    public func pipelines() throws -> [PipelineName] {
        try ledger.read { try $0.rows("SELECT pipeline FROM sources ORDER BY pipeline") }
            .compactMap { PipelineName(try $0.text("pipeline")) }
    }

    /// The pipelines that have a generation of this number, by name.
    public func pipelines(having number: GenerationNumber) throws -> [PipelineName] {
        try ledger.read {
            try $0.rows(
                "SELECT pipeline FROM generations WHERE number = ? ORDER BY pipeline", [.integer(Int64(number.value))])
        }.compactMap { PipelineName(try $0.text("pipeline")) }
    }

    /// Every generation of the store, oldest first, for indexes that name them all.
    public func all() throws -> [Found] { try find("1 ORDER BY entry", []) }

    /// The builds of a pipeline with their entries, newest first, passed and failed.
    public func builds(of pipeline: PipelineName, limit: Int) throws -> [(record: BuildRecord, entry: Entry)] {
        let rows = try ledger.read {
            try $0.rows(
                "SELECT entry FROM builds WHERE pipeline = ? ORDER BY entry DESC LIMIT ?",
                [.text(pipeline.text), .integer(Int64(limit))])
        }
        return try rows.compactMap { row in
            let entry = try entry(try row.integer("entry"))
            return try BuildRecord(entry).map { ($0, entry) }
        }
    }

    /// The source that a pipeline's first bake came from; nil before it.
    public func source(of pipeline: PipelineName) throws -> String? {
        try ledger.read { try $0.row("SELECT source FROM sources WHERE pipeline = ?", [.text(pipeline.text)]) }?
            .text("source")
    }

    private func find(_ condition: String, _ arguments: [LedgerValue]) throws -> [Found] {
        let rows = try ledger.read { try $0.rows("SELECT entry FROM generations WHERE \(condition)", arguments) }
        return try rows.compactMap { row in
            let entry = try entry(try row.integer("entry"))
            return try GenerationRecord(entry).map { Found(record: $0, entry: entry) }
        }
    }

    private func entry(_ sequence: Int64) throws -> Entry {
        guard let entry = try ledger.entries(from: sequence, limit: 1).first, entry.sequence == sequence else {
            throw LedgerError.damaged(path: ledger.path, detail: "entry \(sequence) is missing")
        }
        return entry
    }
}
