import BakeModel
import EnvironmentPromotion
import GenerationLog
import ImageAssembly
import LayerBuild
import SourceCheckout
import SpecRun
import StageEngine

/// Runs a plan: stages, image, spec; then the record, the generation, and the environments that take it by themselves.
public struct BakeRun: Sendable {
    let store: BakeStore
    let inputs: BakeInputs
    let request: BakeRequest

    /// Prepares a bake.
    public init(store: BakeStore, inputs: BakeInputs, request: BakeRequest) {
        self.store = store
        self.inputs = inputs
        self.request = request
    }

    /// Bakes. A stage or a spec that fails is an outcome, not an error.
    /// - Throws: `SourceConflict` before anything is done; what keeps the result from being recorded.
    public func run(observe: @escaping @Sendable (BakeEvent) -> Void) throws -> BakeOutcome {
        let start = request.ticks()
        try store.generations.admit(inputs.pipeline.name, from: inputs.checkout.source)
        try store.workshop.removeFailedRoots { FailedStage(name: $0)?.pipeline == inputs.pipeline.name }
        let bases = try BaseImages(of: inputs.pipeline, in: store)
        let monitor = StageMonitor(keepingIn: store.blobs, observe: observe)
        let work = BakeGraph(
            store: store, inputs: inputs, request: request, bases: bases,
            booted: try BootedImages(of: inputs, in: store, for: request), monitor: monitor)
        try work.confirmLock(in: store)
        let engine = try StageEngine(store: store, scope: inputs.pipeline.name, request: request)
        let settled = engine.run(try work.graph()) {
            observe(BakeEvent($0))
        }
        if request.isCancelled() { throw BakeCancelled() }
        let nodes = try settled.map { try node($0, monitor) }
        let image = settled.lazy.compactMap { $0.value?.image }.first
        let verdict = settled.lazy.compactMap { $0.value?.verdict ?? ($0.error as? SpecFailure)?.verdict }.first
        let recorder = BakeRecorder(
            store: store, inputs: inputs, request: request, nodes: nodes, image: image, verdict: verdict,
            bases: bases.facts, start: start)
        let lossOfCommit = try keepCommit(image)
        // The terminal's Ctrl-C ends the helper that keeps it as well; nothing is recorded yet.
        if request.isCancelled() { throw BakeCancelled() }
        let recorded = try record(recorder)
        let promotions = try promote(recorded.generation, isNew: recorded.outcome == .made)
        let rejection = try image.flatMap { try store.promotion.rejection(of: $0.manifest) }
        if let key = request.key, !promotions.isEmpty {
            try MoveEvidence(store: store, key: key, actor: request.actor, clock: request.clock)
                .record(promotions.compactMap { try? $0.result.get().entry })
        }
        return BakeOutcome(
            pipeline: inputs.pipeline.name, commit: inputs.commitFacts, nodes: nodes, image: image,
            verdict: verdict, result: recorded.outcome, generation: recorded.generation, entry: recorded.entry,
            promotions: promotions, rejection: rejection, lossOfCommit: lossOfCommit,
            milliseconds: request.ticks() - start)
    }

    /// Keeps the commit where a generation is about to be made of it: before, so that none is ever without.
    /// - Returns: why that was not possible, which is no reason to fail.
    private func keepCommit(_ image: Image?) throws -> (any Error)? {
        guard let image, !request.isDraft else { return nil }
        let newest = try store.generations.newest(inputs.pipeline.name)?.record
        guard newest?.image != image.manifest || newest?.spec != inputs.spec?.digest else { return nil }
        do {
            try inputs.checkout.keep(
                in: store.commits, group: inputs.pipeline.name.text, program: store.program)
            return nil
        } catch { return error }
    }

    private func record(_ recorder: BakeRecorder) throws -> BakeRecorder.Recorded {
        do { return try recorder.record() } catch {
            throw UnrecordedFailure.of(recorder.nodes.lazy.compactMap(\.error).first, error)
        }
    }

    private func node(_ outcome: StageOutcome<BakeProduct>, _ monitor: StageMonitor) throws -> BakeOutcome.Node {
        var node = BakeOutcome.Node(outcome)
        node.output = monitor.output(of: node.id)
        guard node.error is LayerFault, let stage = inputs.pipeline.stages.first(where: { $0.name.text == node.name }),
            stage.run != nil
        else { return node }
        let name = FailedStage(pipeline: inputs.pipeline.name, stage: stage.name).name
        let isKept = try store.workshop.failedRoot(name) != nil
        node.shell = isKept ? .kept : request.keepsFailed ? nil : .possible
        return node
    }

    /// Moves a generation to the environments that want it and never held it: mostly a new one, but an earlier run may have
    /// ended between its generation and its moves. A refusal there is no failure of the bake.
    private func promote(_ generation: GenerationRecord?, isNew: Bool) throws -> [BakeOutcome.Promotion] {
        guard let generation else { return [] }
        let wanted = EnvironmentPromotion.Request(
            actor: request.actor, clock: request.clock(), reason: nil, isDryRun: false)
        let checkout = inputs.checkout
        return try store.promotion.policy().automatic(for: inputs.pipeline.name).compactMap { environment in
            guard try store.promotion.awaits(generation, in: environment) else {
                // A new number for what was there before, as of an older commit: nobody should wonder why it does not move.
                let earlier = isNew ? try store.promotion.earlierStay(of: generation, in: environment) : nil
                return earlier.map { NotTakenBack(generation: generation.id, earlier: $0) }
                    .map { BakeOutcome.Promotion(environment: environment, result: .failure($0)) }
            }
            return BakeOutcome.Promotion(
                environment: environment,
                result: Result {
                    var order = PromotionOrder([generation], to: environment)
                    order.isAutomatic = true
                    return try PromotionRun(store: store, fetchOptions: request.fetchOptions, key: request.key)
                        .promote(order, checkout: { _ in checkout }, for: wanted)
                })
        }
    }

}

extension BakeEvent {
    /// What the engine tells, in the words of a bake.
    init(_ event: StageEvent<BakeProduct>) {
        switch event {
        case .waiting(let id): self = .waiting(name: PlanNode.shortName(of: id))
        case .started(let id, let why, let expected):
            self = .started(name: PlanNode.shortName(of: id), why: why, expected: expected)
        case .settled(let outcome): self = .settled(BakeOutcome.Node(outcome))
        }
    }
}

extension BakeOutcome.Node {
    init(_ outcome: StageOutcome<BakeProduct>) {
        self.init(
            id: outcome.id, needs: outcome.needs, state: outcome.word, start: outcome.start,
            milliseconds: outcome.milliseconds, reason: outcome.why, key: outcome.key, earlierKey: outcome.earlierKey,
            error: outcome.error)
    }
}

extension StageEngine {
    /// An engine whose results are kept in the store's cache.
    init(store: BakeStore, scope: PipelineName, request: BakeRequest) throws {
        self.init(
            cache: try StageCache(directory: StageCache.directory(in: store)), scope: scope.text, jobs: request.jobs,
            fresh: request.fresh, ticks: request.ticks)
    }
}

/// The bake was ended from outside; nothing of it is recorded.
public struct BakeCancelled: ExplainedError, Hashable {
    /// Describes the end.
    public init() {}

    public var doing: String { "finish" }
    public var subject: String { "the bake" }
    public var reason: String { "interrupted" }
    public var exit: ExitCode { .interrupted }
}

extension BakeInputs {
    /// What the ledger keeps of the commit.
    public var commitFacts: CommitFacts { CommitFacts(checkout.commit) }

    /// How stages read the commit's files.
    var commitFiles: CommitFiles {
        let checkout = checkout
        return CommitFiles(
            sizes: { try checkout.sizes(of: $0).map(UInt64.init) }, bytes: { try checkout.read($0, limit: $1) })
    }
}
