import BakeModel
import LayerBuild
import StageEngine

/// Pipeline → lock, for what is only known once other stages are built: packages on top of a root, and commands with network.
public struct StageLocker: Sendable {
    let store: BakeStore
    let inputs: BakeInputs
    let request: BakeRequest
    let observe: @Sendable (BakeEvent) -> Void
    private let bases: BaseImages

    /// Prepares to lock.
    /// - Parameter inputs: the files of the work tree.
    public init(
        store: BakeStore, inputs: BakeInputs, request: BakeRequest, observe: @escaping @Sendable (BakeEvent) -> Void
    ) throws {
        self.store = store
        self.inputs = inputs
        self.request = request
        self.observe = observe
        bases = try BaseImages(of: inputs.pipeline, in: store)
    }

    /// Whether a pipeline has anything for this.
    public static func isNeeded(for pipeline: Pipeline) -> Bool {
        pipeline.stages.contains { $0.run?.network == .machine || $0.addsPackages }
    }

    /// Adds the pins of every such stage, each after those that it needs.
    /// - Parameters:
    ///   - proposal: pins what needs no other stage.
    ///   - old: what was pinned before: it stays where it can, and what a command with network gave where command and
    ///     inputs are the same.
    ///   - update: what moves all the same; commands with network run again where everything does.
    ///   - mayBuild: whether stages may be built. Where not, what only a build tells stays, and is named.
    /// - Throws: the error of the first stage that fails.
    public func lock(
        _ proposal: PipelineLocker.Proposal, keeping old: Lock, update: LockUpdate, mayBuild: Bool
    ) throws -> PipelineLocker.Proposal {
        var proposal = proposal
        for name in Plan(inputs.pipeline).stages {
            guard let stage = inputs.pipeline.stage(name) else { continue }
            if stage.addsPackages { try packages(of: stage, &proposal, old.packages[name], update, mayBuild) }
            if stage.run?.network == .machine {
                let kept = update == .everything ? nil : old.fetches[name]
                try fetch(of: stage, &proposal, keeping: kept, or: old.fetches[name], mayBuild)
            }
        }
        return proposal
    }

    /// What stands needs no look at the root below. Else that is built, and asked what it has.
    private func packages(
        of stage: Stage, _ proposal: inout PipelineLocker.Proposal, _ old: LockedPackages?, _ update: LockUpdate,
        _ mayBuild: Bool
    ) throws {
        let solver = DebianSolver(machine: request.machine, store: store.blobs)
        let roots = LockedRoots(inputs: inputs, lock: proposal.lock)
        if let suite = roots.suite(of: stage), let old, update == .nothing, let list = try roots.list(below: stage),
            solver.stands(old, try question(of: stage, suite), on: list)
        {
            proposal.lock.packages[stage.name] = old
        } else if mayBuild {
            let installed = try installed(below: stage, proposal.lock)
            guard let suite = roots.suite(of: stage) ?? installed.suite.map({ DebianSuite($0) }) else {
                throw UnknownSuite(stage: stage.name)
            }
            try installed.list.keep(in: store.blobs)
            proposal.take(
                try solver.solve(try question(of: stage, suite), on: installed, keeping: old, update: update),
                for: stage.name)
        } else {
            proposal.lock.packages[stage.name] = old
            proposal.unknown.append(stage.name)
        }
    }

    private func question(of stage: Stage, _ suite: DebianSuite) throws -> PackageRequest {
        try PackageRequest(of: stage, from: suite) { try inputs.checkout.read($0, limit: $1) }
    }

    private func installed(below stage: Stage, _ lock: Lock) throws -> InstalledPackages {
        let graph = graph(lock)
        let needed: Set<StageName> = if case .stage(let name) = stage.root { [name] } else { [] }
        return try graph.builder().installedPackages(
            of: try graph.root(of: stage, given: try products(of: needed, in: graph)))
    }

    /// The command runs, unless the lock pins what it gave already.
    private func fetch(
        of stage: Stage, _ proposal: inout PipelineLocker.Proposal, keeping kept: LockedFetch?, or old: LockedFetch?,
        _ mayBuild: Bool
    ) throws {
        let graph = graph(proposal.lock)
        if let kept, try graph.recipes.asked(of: stage) == kept.asked {
            proposal.lock.fetches[stage.name] = kept
        } else if mayBuild {
            let products = try products(of: [stage.name], in: graph)
            guard let output = products[PlanNode.id(of: .stage(stage.name))]?.stage?.output else { return }
            proposal.lock.fetches[stage.name] = LockedFetch(
                asked: try graph.recipes.recipe(for: stage, given: products).asked(), output: output)
        } else {
            proposal.lock.fetches[stage.name] = old
            proposal.unknown.append(stage.name)
        }
    }

    private func graph(_ lock: Lock) -> BakeGraph {
        BakeGraph(
            store: store, inputs: inputs.locked(by: lock), request: request, bases: bases, isLocking: true,
            monitor: StageMonitor(keepingIn: nil, observe: observe))
    }

    private func products(of stages: Set<StageName>, in graph: BakeGraph) throws -> [String: BakeProduct] {
        let engine = try StageEngine(store: store, scope: inputs.pipeline.name, request: request)
        let outcomes = engine.run(try graph.graph(of: stages)) { [observe] in
            if case .settled(let outcome) = $0 { observe(.settled(BakeOutcome.Node(outcome))) }
        }
        if let failure = outcomes.lazy.compactMap(\.error).first { throw failure }
        let products = outcomes.compactMap { outcome in outcome.value.map { (outcome.id, $0) } }
        return Dictionary(products) { $1 }
    }
}

extension Stage {
    /// Whether it installs packages on top of a root, and not as a root.
    var addsPackages: Bool {
        if case .debian = root { false } else { installsPackages }
    }
}

/// A root whose packages come from a suite that it does not name.
struct UnknownSuite: ExplainedError, Hashable {
    let stage: StageName
    var doing: String { "lock the packages of" }
    var subject: String { "the stage \(stage)" }
    var reason: String { "its root does not name a Debian suite: /etc/os-release has no VERSION_CODENAME" }
}
