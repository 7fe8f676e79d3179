import BakeModel
import LedgerDatabase

extension GenerationLog {
    /// The pins that were set and not taken away, by generation; those whose time is over are among them.
    public func pins() throws -> [GenerationPin] {
        try ledger.read { try Self.records(GenerationPin.self, .pins, [], in: $0) }.map(\.record)
    }

    /// Pins a generation, or takes the pin away.
    /// - Returns: the number of the entry.
    @discardableResult
    public func record(_ pin: GenerationPin, by actor: Actor, clock: Timestamp) throws -> Int64 {
        try ledger.append([pin.act], by: actor, clock: clock, expecting: [:]).last?.sequence ?? 0
    }

    /// The generations whose images were given up and not made again, with the entry that gave each up.
    public func collected() throws -> [GenerationID: Int64] {
        let rows = try ledger.read { try $0.rows(GenerationQuery.collected.rawValue, []) }
        let pairs = try rows.map { row in
            guard let pipeline = PipelineName(try row.text("pipeline")),
                let generation = GenerationID(pipeline: pipeline, place: try row.integer("number"))
            else { throw LedgerError.damaged(path: ledger.path, detail: "a row of the view collected cannot be read") }
            return (generation, try row.integer("entry"))
        }
        return Dictionary(pairs) { $1 }
    }

    /// The images that were not given up, of generations and drafts.
    public func keptImages() throws -> Set<Digest> {
        try Set(
            ledger.read { try $0.rows(GenerationQuery.keptImages.rawValue) }.compactMap { Digest(try $0.text("image")) }
        )
    }

    /// The entry that gave a generation's image up; nil where it is there, or was made again.
    public func collection(of generation: GenerationID) throws -> Int64? {
        try ledger.read { try Self.collection(of: generation, in: $0) }
    }

    /// The same in a snapshot that somebody has.
    public static func collection(of generation: GenerationID, in transaction: ViewTransaction) throws -> Int64? {
        try transaction.row(
            GenerationQuery.collection.rawValue, [.text(generation.pipeline.text), .integer(generation.place)]
        )?.integer("entry")
    }

    /// Records that images are given up.
    /// - Parameter heads: what was known of the collection's subjects when it was decided.
    /// - Throws: `LedgerError.lostRace` where one of them moved since: what is kept must be found out again.
    public func record(
        _ collection: ImageCollection, expecting heads: [Subject: Int64?], by actor: Actor, clock: Timestamp
    ) throws {
        _ = try ledger.append([collection.act], by: actor, clock: clock, expecting: heads)
    }

    /// What is known of subjects now, for `record`.
    public func heads(of subjects: [Subject]) throws -> [Subject: Int64?] {
        try ledger.read { transaction in
            Dictionary(try subjects.map { ($0, try transaction.head(of: $0)) }) { $1 }
        }
    }
}
