/// One bake, passed or failed. Its number is that of its entry.
public struct BuildRecord: RecordedAct {
    public static let kind = "build"

    /// What became of a bake.
    public enum Outcome: String, Hashable, Sendable {
        /// A new generation.
        case made
        /// The newest generation is this very image and spec.
        case stands
        /// An image without a number.
        case draft
        /// A stage or the spec failed.
        case failed
    }

    /// The pipeline.
    public let pipeline: PipelineName
    /// The commit.
    public let commit: CommitFacts
    /// Where the commit came from: a URL or a path.
    public let source: String
    /// What became of it.
    public let outcome: Outcome
    /// What became of its nodes.
    public let stages: [Stage]
    /// The image's manifest, where there is one.
    public let image: Digest?
    /// The verdict, where there is one.
    public let verdict: VerdictFacts?
    /// The generation that was made, or that stands.
    public let generation: GenerationID?

    /// Describes a bake.
    public init(
        pipeline: PipelineName, commit: CommitFacts, source: String, outcome: Outcome, stages: [Stage],
        image: Digest?, verdict: VerdictFacts?, generation: GenerationID?
    ) {
        self.pipeline = pipeline
        self.commit = commit
        self.source = source
        self.outcome = outcome
        self.stages = stages
        self.image = image
        self.verdict = verdict
        self.generation = generation
    }

    public var subjects: [Subject] { [.pipeline(pipeline)] }

    public var body: JSON {
        .record([
            "pipeline": .string(pipeline.text), "commit": commit.json, "source": .string(source),
            "outcome": .string(outcome.rawValue), "stages": .array(stages.map(\.json)),
            "image": image.map { .string($0.description) }, "verdict": verdict?.json,
            "generation": generation.map { .string($0.description) },
        ])
    }

    public init?(body: JSON) {
        guard let pipeline = body["pipeline"]?.string.flatMap({ PipelineName($0) }),
            let commit = body["commit"].flatMap(CommitFacts.init), let source = body["source"]?.string,
            let outcome = body["outcome"]?.string.flatMap(Outcome.init),
            let stages = body["stages"]?.all(Stage.init), let image = body.optional("image", \.namedDigest),
            let verdict = body.optional("verdict", VerdictFacts.init),
            let generation = body.optional("generation", \.generation)
        else { return nil }
        self.init(
            pipeline: pipeline, commit: commit, source: source, outcome: outcome, stages: stages,
            image: image, verdict: verdict, generation: generation)
    }
}
