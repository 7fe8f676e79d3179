import BakeModel
import EnvironmentPromotion
import SpecRun

/// What became of a bake.
public struct BakeOutcome: Sendable {
    /// What became of one node.
    public struct Node: Sendable {
        /// The stage's name, `image` or `spec`.
        public let name: String
        /// `cached`, `ran`, `failed` or `skipped`.
        public let state: String
        /// How long it took.
        public let milliseconds: Int64
        /// Why it ran, or why it failed.
        public let why: String
        /// Why it failed; nil where it did not.
        public let error: (any Error)?
    }

    /// The pipeline.
    public let pipeline: PipelineName
    /// The commit.
    public let commit: CommitFacts
    /// Every node.
    public let nodes: [Node]
    /// The image, where there is one.
    public let image: Image?
    /// What the spec found, where it ran.
    public let verdict: Verdict?
    /// `made`, `stands`, `draft` or `failed`.
    public let result: BuildRecord.Outcome
    /// The generation that was made or that stands.
    public let generation: GenerationRecord?
    /// The number of the build's entry.
    public let entry: Int64
    /// What became of each environment that takes the pipeline's generations by itself.
    public let promotions: [Promotion]
    /// How long everything took.
    public let milliseconds: Int64

    /// What became of an automatic promotion.
    public struct Promotion: Sendable {
        /// Where to.
        public let environment: EnvironmentName
        /// What moved, or why nothing did.
        public let result: Result<EnvironmentPromotion.Outcome, any Error>
    }

    /// The error of the node that failed first; nil where none did.
    public var failure: (any Error)? { nodes.lazy.compactMap(\.error).first }
}
