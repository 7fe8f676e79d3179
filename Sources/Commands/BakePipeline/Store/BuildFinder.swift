import BakeModel
import GenerationLog

/// A bake that is recorded, passed or failed.
public struct RecordedBake: Sendable {
    /// What is recorded.
    public let record: BuildRecord
    /// The number of its entry, which is the build's number.
    public let number: Int64

    init(_ found: (record: BuildRecord, entry: Entry)) {
        record = found.record
        number = found.entry.sequence
    }

    /// What people call it: `web@41`, where it made that generation, else `build 812`.
    public var title: String {
        record.outcome == .made ? record.generation?.description ?? "build \(number)" : "build \(number)"
    }

    /// What became of one of its nodes.
    /// - Throws: `UnknownStage`.
    public func stage(_ name: String) throws -> BuildRecord.Stage {
        guard let stage = record.stages.first(where: { $0.name == name }) else {
            throw UnknownStage(name: name, of: "build \(number)", known: record.stages.map(\.name))
        }
        return stage
    }
}

/// Looks bakes up in a store.
public struct BuildFinder: Sendable {
    private let store: BakeStore
    private let resolver: ReferenceResolver
    /// How far back is searched for an earlier bake.
    private static let depth = 10_000

    /// - Parameter resolver: finds generations and the pipeline that is meant.
    public init(store: BakeStore, resolver: ReferenceResolver) {
        self.store = store
        self.resolver = resolver
    }

    /// Finds a bake by its number, which is that of its entry, or by the generation that it made.
    /// - Throws: `UnknownReference`, `ReferenceFault`.
    public func find(_ text: String) throws -> RecordedBake {
        if let number = Int64(text) {
            guard let found = try store.generations.build(number) else {
                throw UnknownReference(
                    text: "build \(text)", why: "the ledger has no build of that number", hint: "bake log --builds")
            }
            return RecordedBake(found)
        }
        let id = try resolver.generation(text).id
        guard let found = try store.generations.build(making: id) else {
            throw UnknownReference(text: text, why: "no build made it", hint: "bake log --builds")
        }
        return RecordedBake(found)
    }

    /// The latest bake of the pipeline that is meant.
    public func latest() throws -> RecordedBake {
        let pipeline = try resolver.onlyPipeline(for: "the latest build")
        guard let found = try store.generations.builds(of: pipeline, limit: 1).first else {
            throw UnknownReference(text: pipeline.text, why: "it was never baked", hint: "bake")
        }
        return RecordedBake(found)
    }

    /// The newest bake before that one, of the same pipeline, for which something holds; nil where none is.
    public func newest(before bake: RecordedBake, where holds: (BuildRecord) -> Bool) throws -> RecordedBake? {
        try store.generations.builds(of: bake.record.pipeline, limit: Self.depth)
            .first { $0.entry.sequence < bake.number && holds($0.record) }.map(RecordedBake.init)
    }
}
