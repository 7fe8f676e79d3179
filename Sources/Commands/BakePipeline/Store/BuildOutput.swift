import BakeModel
import BlobStorage
import GenerationLog
import SpecRun

/// What the programs of a bake printed, as the store keeps it.
public struct BuildOutput: Sendable {
    private let store: BakeStore
    private let finder: BuildFinder
    private static let limit = 64 << 20

    /// Reads out of a store.
    public init(store: BakeStore, finder: BuildFinder) {
        self.store = store
        self.finder = finder
    }

    /// One stage's output.
    public struct Text: Sendable {
        /// The stage.
        public let stage: BuildRecord.Stage
        /// The bake that it was printed in: an earlier one, where the stage was cached.
        public let bake: RecordedBake
        /// The bytes as they came; nil where nothing was printed.
        public let bytes: [UInt8]?
    }

    /// What a stage printed: in this bake, or, where it was cached, in the one that made its result. The spec's output is
    /// its verdict, a line for each check.
    /// - Throws: `UnknownStage`; `StoreError` where the blob is gone or damaged.
    public func text(of name: String, in bake: RecordedBake) throws -> Text {
        let stage = try bake.stage(name)
        guard stage.state == "cached", let key = stage.key else { return try text(stage, in: bake) }
        let made = try finder.newest(before: bake) { record in
            record.stages.contains { $0.name == name && $0.key == key && $0.state == "ran" }
        }
        guard let made else { return Text(stage: stage, bake: bake, bytes: nil) }
        return try text(try made.stage(name), in: made)
    }

    private func text(_ stage: BuildRecord.Stage, in bake: RecordedBake) throws -> Text {
        if let output = stage.output {
            return Text(stage: stage, bake: bake, bytes: try store.blobs.read(output.digest, limit: Self.limit))
        }
        let isSpec = stage.name == bake.record.stages.last?.name && stage.name == PlanNode.id(of: .spec)
        guard isSpec, let facts = bake.record.verdict else { return Text(stage: stage, bake: bake, bytes: nil) }
        let verdict = Verdict(try JSON(parsing: store.blobs.read(facts.digest, limit: Self.limit)))
        let lines = verdict.map { TerminalReport($0).everything } ?? []
        return Text(stage: stage, bake: bake, bytes: Array(lines.map { "\($0)\n" }.joined().utf8))
    }
}

extension BakeStore {
    /// The blobs that the records of bakes name: what stages printed. For checks and for whoever collects blobs.
    public func blobsOfBuilds() throws -> [ContentDescriptor] {
        try generations.pipelines().flatMap { try generations.builds(of: $0, limit: .max) }
            .flatMap(\.record.stages).compactMap(\.output)
            .map {
                ContentDescriptor(
                    mediaType: "text/plain", digest: $0.digest, size: $0.size, artifactType: nil, annotations: [:])
            }
    }
}
