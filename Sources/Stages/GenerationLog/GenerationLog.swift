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
    public func newest(_ pipeline: PipelineName) throws -> Found? { try generations(of: pipeline, limit: 1).first }

    /// A generation by name; nil where there is none.
    public func find(_ id: GenerationID) throws -> Found? {
        guard let found = try find(.named, [.text(id.pipeline.text), .integer(id.place)]).first else { return nil }
        // Whoever can write to the store can have a table say that a name means another entry.
        guard found.record.id == id else {
            throw LedgerError.falseView(
                "the view generations", detail: "entry \(found.entry.sequence) made \(found.record.id), not \(id)"
            )
        }
        return found
    }

    /// The generations and drafts that are this image, oldest first.
    public func find(image: Digest) throws -> [Found] { try find(.image, [.text(image.description)]) }

    /// The generations whose image's digest begins so: by image, the oldest of each first.
    public func find(image prefix: DigestPrefix) throws -> [Found] {
        // "g" comes behind every hexadecimal digit.
        try find(.imagePrefix, [.text(prefix.description), .text(prefix.description + "g")])
    }

    /// The generations that were made from this commit, newest first.
    public func find(_ pipeline: PipelineName, commit: CommitPrefix) throws -> [Found] {
        // "g" comes behind every hexadecimal digit.
        try find(.commit, [.text(pipeline.text), .text(commit.hex), .text(commit.hex + "g")])
    }

    /// The generations of a pipeline, newest first.
    public func generations(of pipeline: PipelineName, limit: Int) throws -> [Found] {
        try find(.newest, [.text(pipeline.text), .integer(Int64(limit))])
    }

    /// Every pipeline that was baked into this store, by name.
    public func pipelines() throws -> [PipelineName] { try pipelines(.pipelines, []) }

    /// The pipelines that have a generation of this number, by name.
    public func pipelines(having number: GenerationNumber) throws -> [PipelineName] {
        try pipelines(.pipelinesHaving, [.integer(Int64(number.value))])
    }

    /// What is made of every generation and draft that an entry behind a number, and up to another, made; oldest first.
    /// - Parameter transform: called for one after the other, as a record takes 3 KB and there may be a million; nil is left out.
    public func compactMap<Value>(
        after first: Int64 = 0, through last: Int64 = .max, _ transform: (Found) throws -> Value?
    ) throws -> [Value] {
        var values: [Value] = []
        try forEach(after: first, through: last) { if let value = try transform($0) { values.append(value) } }
        return values
    }

    /// Gives away every generation and draft that an entry behind a number, and up to another, made; oldest first.
    public func forEach(after first: Int64 = 0, through last: Int64 = .max, _ body: (Found) throws -> Void) throws {
        var next = first
        while case let page = try find(.all, [.integer(next), .integer(last), 1000]), let end = page.last {
            for found in page { try body(found) }
            next = end.entry.sequence
        }
    }

    /// The builds of a pipeline with their entries, newest first, passed and failed.
    public func builds(of pipeline: PipelineName, limit: Int) throws -> [(record: BuildRecord, entry: Entry)] {
        try ledger.read {
            try Self.records(BuildRecord.self, .builds, [.text(pipeline.text), .integer(Int64(limit))], in: $0)
        }
    }

    /// The bake whose entry has that number; nil where the entry is something else, or not there.
    public func build(_ sequence: Int64) throws -> (record: BuildRecord, entry: Entry)? {
        guard sequence > 0, let entry = try ledger.entries(from: sequence, limit: 1).first,
            let record = try BuildRecord(entry)
        else { return nil }
        return (record, entry)
    }

    /// The bake that made a generation; nil where there is no such generation.
    public func build(making id: GenerationID) throws -> (record: BuildRecord, entry: Entry)? {
        // Both are appended in one act, the build last.
        try find(id).flatMap { try build($0.entry.sequence + 1) }
    }

    static func newest(_ pipeline: PipelineName, in transaction: ViewTransaction) throws -> GenerationRecord? {
        try records(GenerationRecord.self, .newest, [.text(pipeline.text), 1], in: transaction).first?.record
    }

    private func find(_ query: GenerationQuery, _ arguments: [LedgerValue]) throws -> [Found] {
        try ledger.read { try Self.records(GenerationRecord.self, query, arguments, in: $0) }
            .map { Found(record: $0.record, entry: $0.entry) }
    }

    private func pipelines(_ query: GenerationQuery, _ arguments: [LedgerValue]) throws -> [PipelineName] {
        try ledger.read { try $0.rows(query.rawValue, arguments) }.map { row in
            guard let name = PipelineName(try row.text("pipeline")) else {
                throw LedgerError.damaged(path: ledger.path, detail: "a row of the view generations cannot be read")
            }
            return name
        }
    }

    static func records<Record: RecordedAct>(
        _ kind: Record.Type, _ query: GenerationQuery, _ arguments: [LedgerValue], in transaction: ViewTransaction
    ) throws -> [(record: Record, entry: Entry)] {
        try transaction.rows(query.rawValue, arguments).map { row in
            let entry = try transaction.entry(try row.integer("entry"))
            guard let record = try Record(entry) else {
                throw LedgerError.falseView(
                    "the view generations", detail: "entry \(entry.sequence) is no \(Record.kind)")
            }
            return (record, entry)
        }
    }
}
