import BakeModel
import EnvironmentPromotion
import ImageAssembly
import ImageComparison
import LayerBuild
import SourceCheckout
import StageEngine

/// Generation → the same image once more, from the recorded commit, lock, arguments and parents, with nothing from a cache.
public struct Rebake: Sendable {
    let store: BakeStore
    let record: GenerationRecord
    let inputs: BakeInputs
    let request: BakeRequest

    /// What came out.
    public struct Outcome: Sendable {
        /// How the two compare.
        public let verdict: RebakeRecord.Verdict
        /// The recorded image.
        public let recorded: Image
        /// The image that was baked now.
        public let rebaked: Image
        /// The files that differ; none where the verdict is not that.
        public var files: [UnreproducedFile] = []
        /// What made the layers of the image that was baked now; empty where the verdict is not that.
        public var history: [HistoryLayer] = []
        /// The configuration's settings that differ; none where the verdict is not that.
        public var settings: [SettingChange] = []
        /// The layers that differ where files and settings are the same; else none.
        public var layers: [LayerChange] = []
    }

    /// Prepares to bake a generation again.
    /// - Parameter inputs: its commit's files, with the arguments that are recorded.
    public init(store: BakeStore, record: GenerationRecord, inputs: BakeInputs, request: BakeRequest) {
        self.store = store
        self.record = record
        self.inputs = inputs
        self.request = request
    }

    /// Bakes the image, compares, and records how that went; the packages come out of the store.
    /// - Throws: the error of the first stage that fails; nothing is recorded then.
    public func run(observe: @escaping @Sendable (BakeEvent) -> Void) throws -> Outcome {
        let outcome = try compareAgain(observe)
        let recorder = FindingRecorder(store: store, key: request.key, actor: request.actor, clock: request.clock())
        try recorder.record(
            RebakeRecord(
                generation: record.id, image: record.image, rebaked: outcome.rebaked.manifest,
                verdict: outcome.verdict, builder: request.builder(of: inputs.pipeline)), of: record)
        if outcome.verdict == .same { try hold(outcome.rebaked) }
        return outcome
    }

    /// An image that was collected is there again, and its name with it. A collection that runs at the same time reads the
    /// ledger after it laid blobs aside: so whatever was laid aside before the record is put back here, and everything else there.
    private func hold(_ image: Image) throws {
        for digest in image.blobs { _ = store.blobs.contains(digest) }
        try store.rebuildIndex(isForeignKept: true)
    }

    private func compareAgain(_ observe: @escaping @Sendable (BakeEvent) -> Void) throws -> Outcome {
        // Damage is what may have to be baked again: the same digest says as much as the documents.
        let recorded = Result { try ImageReader(store: store.blobs).read(record.image) }
        let graph = try BakeGraph(
            store: store, inputs: inputs, request: request, bases: try BaseImages(recorded: record.bases, in: store),
            monitor: StageMonitor(keepingIn: nil, observe: observe)
        ).graphOfImage()
        let clean = try StageGraph(graph.nodes.map(\.unkept))
        let outcomes = try StageEngine(store: store, scope: record.id.pipeline, request: request).run(clean) { event in
            if case .settled(let outcome) = event { observe(.settled(BakeOutcome.Node(outcome))) }
        }
        if request.isCancelled() { throw BakeCancelled() }
        if let failure = outcomes.lazy.compactMap(\.error).first { throw failure }
        guard let image = outcomes.lazy.compactMap({ $0.value?.image }).first else {
            throw MissingProduct(node: PlanNode.id(of: .image))
        }
        if image.manifest == record.image { return Outcome(verdict: .same, recorded: image, rebaked: image) }
        return try compare(try recorded.get(), image)
    }

    private func compare(_ recorded: Image, _ image: Image) throws -> Outcome {
        // The configuration names the tars' digests, so equal ones say that the content is equal.
        if recorded.configurationDigest == image.configurationDigest {
            return Outcome(verdict: .sameContent, recorded: recorded, rebaked: image)
        }
        let then = try store.generations.find(record.id)?.entry.time
        let context = LikelyCause.Context(seconds: [then, request.clock()].compactMap { $0?.seconds })
        let reader = ImageReader(store: store.blobs)
        var outcome = Outcome(
            verdict: .differs, recorded: recorded, rebaked: image,
            files: try UnreproducedFile.all(
                from: .image(recorded.layers, store.blobs), to: .image(image.layers, store.blobs), context),
            history: try reader.history(of: image, unnamed: "unknown"),
            settings: SettingChange.all(from: recorded.configuration, to: image.configuration))
        if outcome.files.isEmpty, outcome.settings.isEmpty {
            let before = try reader.history(of: recorded, unnamed: "unknown")
            outcome.layers = LayerChange.all(from: before, to: outcome.history)
        }
        return outcome
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
