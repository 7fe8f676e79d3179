import BakeModel
import EnvironmentPromotion
import ImageAssembly
import LayerBuild
import SourceCheckout
import StageEngine

/// Generation → the same image once more, from the recorded commit, lock, arguments and parents, with nothing from a cache.
public struct Rebake: Sendable {
    let store: BakeStore
    let record: GenerationRecord
    let inputs: BakeInputs
    let request: BakeRequest

    /// How an image that was baked again compares with the recorded one.
    public enum Verdict: Hashable, Sendable {
        /// The same bytes.
        case same
        /// The same tars and configuration, compressed by another encoder.
        case sameContent
        /// Other content.
        case differs
    }

    /// What came out.
    public struct Outcome: Sendable {
        /// How the two compare.
        public let verdict: Verdict
        /// The recorded image.
        public let recorded: Image
        /// The image that was baked now.
        public let rebaked: Image
    }

    /// Prepares to bake a generation again.
    /// - Parameter inputs: its commit's files, with the arguments that are recorded.
    public init(store: BakeStore, record: GenerationRecord, inputs: BakeInputs, request: BakeRequest) {
        self.store = store
        self.record = record
        self.inputs = inputs
        self.request = request
    }

    /// Bakes the image and compares. Nothing is recorded; the packages come out of the store.
    /// - Throws: the error of the first stage that fails.
    public func run(observe: @escaping @Sendable (BakeEvent) -> Void) throws -> Outcome {
        // Damage is what may have to be baked again: the same digest says as much as the documents.
        let recorded = Result { try ImageReader(store: store.blobs).read(record.image) }
        let graph = try BakeGraph(
            store: store, inputs: inputs, request: request, bases: try BaseImages(recorded: record.bases, in: store),
            monitor: StageMonitor(keepingIn: nil, observe: observe)
        ).graphOfImage()
        let clean = try StageGraph(graph.nodes.map(\.unkept))
        let outcomes = try StageEngine(store: store, scope: record.id.pipeline, request: request).run(clean) {
            if case .settled(let outcome) = $0 { observe(.settled(BakeOutcome.Node(outcome))) }
        }
        if request.isCancelled() { throw BakeCancelled() }
        if let failure = outcomes.lazy.compactMap(\.error).first { throw failure }
        guard let image = outcomes.lazy.compactMap({ $0.value?.image }).first else {
            throw MissingProduct(node: PlanNode.id(of: .image))
        }
        if image.manifest == record.image { return Outcome(verdict: .same, recorded: image, rebaked: image) }
        return Outcome(verdict: compare(try recorded.get(), image), recorded: try recorded.get(), rebaked: image)
    }

    private func compare(_ recorded: Image, _ image: Image) -> Verdict {
        // The configuration names the tars' digests, so equal ones say that the content is equal.
        return recorded.configurationDigest == image.configurationDigest ? .sameContent : .differs
    }
}

extension StageNode {
    /// The same work, done every time.
    fileprivate var unkept: StageNode { StageNode(id: id, needs: needs, key: { _ in nil }, work: work) }
}

extension BakeInputs {
    /// The inputs of a generation once more.
    /// - Parameter checkout: the commit that the record names.
    public init(_ checkout: Checkout, of record: GenerationRecord) throws {
        try self.init(
            checkout, choice: record.pipelinePath ?? record.id.pipeline.text, settings: record.arguments)
    }
}
