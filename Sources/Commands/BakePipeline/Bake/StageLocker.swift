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
    ///   - lock: pins what needs no other stage.
    ///   - old: what was pinned before: what a command with network gave stays, where command and inputs are the same.
    ///   - isUpdate: whether every command runs again.
    ///   - ignoring: called with each archive of the machine that was left out.
    /// - Throws: the error of the first stage that fails.
    public func lock(_ lock: Lock, keeping old: Lock, isUpdate: Bool, ignoring: (String) -> Void) throws -> Lock {
        var lock = lock
        for name in Plan(inputs.pipeline).stages {
            guard let stage = inputs.pipeline.stage(name) else { continue }
            if stage.addsPackages { lock.packages[name] = try packages(of: stage, lock, ignoring) }
            if stage.run?.network == .machine {
                lock.fetches[name] = try fetch(of: stage, lock, keeping: isUpdate ? nil : old.fetches[name])
            }
        }
        return lock
    }

    /// The root below is built, and asked what it has.
    private func packages(of stage: Stage, _ lock: Lock, _ ignoring: (String) -> Void) throws -> LockedPackages {
        let graph = graph(lock)
        let needed: Set<StageName> = if case .stage(let name) = stage.root { [name] } else { [] }
        let root = try graph.root(of: stage, given: try products(of: needed, in: graph))
        let installed = try graph.builder().installedPackages(of: root)
        guard let suite = installed.suite else { throw UnknownSuite(stage: stage.name) }
        let solution = try DebianSolver(machine: request.machine).solve(
            suite: suite, asked: stage.packages, on: installed)
        solution.ignoredArchives.forEach(ignoring)
        return solution.packages
    }

    /// The command runs, unless the lock pins what it gave already.
    private func fetch(of stage: Stage, _ lock: Lock, keeping old: LockedFetch?) throws -> LockedFetch? {
        let graph = graph(lock)
        if let old, try graph.recipes.asked(of: stage) == old.asked { return old }
        let products = try products(of: [stage.name], in: graph)
        guard let output = products[PlanNode.id(of: .stage(stage.name))]?.stage?.output else { return nil }
        return LockedFetch(asked: try graph.recipes.recipe(for: stage, given: products).asked, output: output)
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
        if case .debian = root { false } else { !packages.isEmpty }
    }
}

/// A root whose packages come from a suite that it does not name.
struct UnknownSuite: ExplainedError, Hashable {
    let stage: StageName
    var doing: String { "lock the packages of" }
    var subject: String { "the stage \(stage)" }
    var reason: String { "its root does not name a Debian suite: /etc/os-release has no VERSION_CODENAME" }
}
