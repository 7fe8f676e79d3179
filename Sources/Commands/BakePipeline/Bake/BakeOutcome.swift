import BakeModel
import EnvironmentPromotion
import SpecRun

/// What became of a bake.
public struct BakeOutcome: Sendable {
    /// What became of one node.
    public struct Node: Sendable {
        /// Its name in the plan.
        public let id: PlanNode.ID
        /// The nodes that it stood behind.
        public let needs: [PlanNode.ID]
        /// `cached`, `ran`, `failed`, `skipped`, or `interrupted` where a signal ended it.
        public internal(set) var state: String
        /// When it began, in milliseconds since the bake did.
        public let start: Int64
        /// How long it took.
        public let milliseconds: Int64
        /// Why it ran; empty where it did not.
        public let reason: String
        /// The digest of the list of its inputs; nil where it was never found out.
        public let key: Digest?
        /// The digest of the list that it was compared with; nil for the first time.
        public let earlierKey: Digest?
        /// Why it failed; nil where it did not.
        public internal(set) var error: (any Error)?
        /// What its programs printed; nil where they printed nothing.
        public internal(set) var output: OutputFacts?
        /// Where a person may look into what a failed stage left; nil where there is nothing.
        public internal(set) var shell: Shell?

        /// How to look into what a failed command left.
        public enum Shell: Hashable, Sendable {
            /// Its root is kept: `bake enter failed:STAGE`.
            case kept
            /// It would have been kept if that had been asked for.
            case possible
        }

        /// The stage's name, `image` or `spec`.
        public var name: String { PlanNode.shortName(of: id) }
        /// Why it failed, or else why it ran.
        public var why: String {
            error.map { ($0 as? any ExplainedError)?.reason ?? String(describing: $0) } ?? reason
        }
        /// The same node, where what looks like a failure is the end that a signal made.
        public var interrupted: Node {
            guard error != nil else { return self }
            var node = self
            (node.state, node.error) = ("interrupted", BakeCancelled())
            return node
        }
        /// Whether time went by for its sake: it was made, or making it failed.
        public var hasRun: Bool { ["ran", "failed", "interrupted"].contains(state) }
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
    /// Why the image is barred from every environment, and by which entry; nil where it is not.
    public let rejection: (reason: String, entry: Int64)?
    /// Why the commit could not be kept in the store for a later rebake; nil where it was, or need not be.
    public let lossOfCommit: (any Error)?
    /// How long everything took.
    public let milliseconds: Int64

    /// What became of an automatic promotion.
    public struct Promotion: Sendable {
        /// Where to.
        public let environment: EnvironmentName
        /// What moved, or why nothing did.
        public let result: Result<EnvironmentPromotion.Outcome, any Error>

        /// Whether a slot was moved.
        public var isMoved: Bool { (try? result.get().entry) != nil }

        /// What is wrong with the store where that kept it from moving; nil else. The bake is done, but nobody should miss it.
        public var damage: (any ExplainedError)? {
            guard case .failure(let error) = result, let fault = error as? any ExplainedError, fault.exit == .damaged
            else { return nil }
            return fault
        }
    }

    /// The nodes that failed: several where one failed while others ran.
    public var failures: [Node] { nodes.filter { $0.error != nil } }
}
