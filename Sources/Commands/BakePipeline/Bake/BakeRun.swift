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
        let bases = try BaseImages(of: inputs.pipeline, in: store)
        let work = work(bases, observe)
        try work.confirmLock()
        let settled = try engine().run(work.graph()) { event in
            switch event {
            case .started(let id, let why): observe(.started(name: Self.name(of: id), why: why))
            case .settled(let outcome): observe(.settled(Self.node(outcome)))
            }
        }
        if request.isCancelled() { throw BakeCancelled() }
        let image = settled.lazy.compactMap { $0.value?.image }.first
        let verdict = settled.lazy.compactMap { $0.value?.verdict ?? ($0.error as? SpecFailure)?.verdict }.first
        let recorder = BakeRecorder(
            store: store, inputs: inputs, request: request, nodes: settled.map(Self.node), image: image,
            verdict: verdict, bases: bases.facts)
        let recorded = try recorder.record()
        let promotions = recorded.outcome == .made ? try promote(recorded.generation) : []
        return BakeOutcome(
            pipeline: inputs.pipeline.name, commit: inputs.commitFacts, nodes: recorder.nodes, image: image,
            verdict: verdict, result: recorded.outcome, generation: recorded.generation, entry: recorded.entry,
            promotions: promotions, milliseconds: request.ticks() - start)
    }

    private func engine() throws -> StageEngine {
        try StageEngine(store: store, scope: inputs.pipeline.name, request: request)
    }

    private func work(_ bases: BaseImages, _ observe: @escaping @Sendable (BakeEvent) -> Void) -> BakeGraph {
        BakeGraph(
            store: store, inputs: inputs, request: request, bases: bases,
            log: { stage in try LineReader { observe(.output(stage: stage, line: $0)) }.input })
    }

    /// Moves a new generation to the environments that want it. A refusal there is no failure of the bake.
    private func promote(_ generation: GenerationRecord?) throws -> [BakeOutcome.Promotion] {
        guard let generation else { return [] }
        let wanted = EnvironmentPromotion.Request(
            actor: request.actor, clock: request.clock(), reason: nil, isDryRun: false)
        let checkout = inputs.checkout
        return try store.promotion.policy().automatic(for: inputs.pipeline.name).map { environment in
            BakeOutcome.Promotion(
                environment: environment,
                result: Result {
                    try store.promotion.promote(
                        generation, to: environment, isAutomatic: true,
                        ancestry: { try? checkout.isAncestor($0, of: $1) }, for: wanted)
                })
        }
    }

    private static func name(of id: PlanNode.ID) -> String {
        id.hasPrefix("stage/") ? String(id.dropFirst("stage/".count)) : id
    }

    static func node(_ outcome: StageOutcome<BakeProduct>) -> BakeOutcome.Node {
        BakeOutcome.Node(
            name: name(of: outcome.id), state: outcome.word, milliseconds: outcome.milliseconds,
            why: outcome.error.map { ($0 as? any ExplainedError)?.reason ?? String(describing: $0) } ?? outcome.why,
            error: outcome.error)
    }
}

extension StageEngine {
    /// An engine whose results are kept in the store's cache.
    init(store: BakeStore, scope: PipelineName, request: BakeRequest) throws {
        self.init(
            cache: try StageCache(directory: "\(store.blobs.cache)/stages"), scope: scope.text, jobs: request.jobs,
            ticks: request.ticks)
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
    public var commitFacts: CommitFacts {
        let commit = checkout.commit
        return CommitFacts(
            id: commit.id, summary: commit.summary, author: commit.author.name, mail: commit.author.mail,
            time: commit.author.time)
    }

    /// How stages read the commit's files.
    var commitFiles: CommitFiles {
        let checkout = checkout
        return CommitFiles(
            size: { UInt64(try checkout.size(of: $0)) }, bytes: { try checkout.read($0, limit: $1) })
    }
}
