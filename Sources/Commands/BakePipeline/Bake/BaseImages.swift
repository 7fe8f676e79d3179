import BakeModel
import GenerationLog
import ImageAssembly
import LayerBuild

/// The images of other pipelines that stages start from, found once when a bake begins: what a slot holds may change
/// while it runs.
public struct BaseImages: Sendable {
    /// One of them.
    struct Base: Sendable {
        let facts: BaseFacts
        let built: BuiltStage
    }

    let bases: [StageName: Base]

    /// None.
    public static let none = BaseImages(bases: [:])

    private init(bases: [StageName: Base]) { self.bases = bases }

    /// Finds them all in a store.
    /// - Throws: `UnknownBase` for the first that is not there.
    init(of pipeline: Pipeline, in store: BakeStore) throws {
        var bases: [StageName: Base] = [:]
        for stage in pipeline.stages {
            guard case .generation(let source) = stage.root else { continue }
            bases[stage.name] = try Self.find(source, for: stage.name, in: store)
        }
        self.bases = bases
    }

    /// Finds those that a generation was made from.
    init(recorded facts: [BaseFacts], in store: BakeStore) throws {
        bases = try Dictionary(
            facts.map { ($0.stage, try Self.find(.numbered($0.generation), for: $0.stage, in: store)) },
            uniquingKeysWith: { $1 })
    }

    /// What is recorded of them.
    var facts: [BaseFacts] { bases.values.map(\.facts).sorted { $0.stage < $1.stage } }

    private static func find(
        _ source: GenerationSource, for stage: StageName, in store: BakeStore
    ) throws -> Base {
        guard let record = try generation(source, in: store) else {
            throw UnknownBase(stage: stage, source: source, known: try store.generations.pipelines())
        }
        let reader = ImageReader(store: store.blobs)
        let image = try reader.read(record.image)
        let layers = try reader.history(of: image, unnamed: "\(record.id)")
        let facts = BaseFacts(stage: stage, asked: source.description, generation: record.id, image: record.image)
        return Base(
            facts: facts, built: BuiltStage(layers: layers, output: nil, configuration: image.configuration))
    }

    private static func generation(_ source: GenerationSource, in store: BakeStore) throws -> GenerationRecord? {
        switch source {
        case .numbered(let id): return try store.generations.find(id)?.record
        case .slot(let slot):
            let held = try store.promotion.state(of: slot, depth: 1).current?.generation
            return try held.flatMap { try store.generations.find($0)?.record }
        }
    }
}

/// A stage that starts from an image that the store does not have.
public struct UnknownBase: ExplainedError, Hashable {
    let stage: StageName
    let source: GenerationSource
    let known: [PipelineName]

    public var doing: String { "start the stage \(stage) from" }
    public var subject: String { source.description }
    public var reason: String {
        switch source {
        case _ where !known.contains(source.pipeline): "the store has no pipeline \(source.pipeline)"
        case .slot(let slot): "\(slot) holds nothing"
        case .numbered: "there is no such generation"
        }
    }
    public var hint: String? {
        if !known.contains(source.pipeline) {
            return Spelling.suggestion(for: source.pipeline.text, in: known.map(\.text))
        }
        switch source {
        case .slot(let slot): return "bake it and promote it: bake promote \(slot.pipeline) \(slot.environment)"
        case .numbered(let id): return "bake log \(id.pipeline)"
        }
    }
    public var exit: ExitCode { .notFound }
}
