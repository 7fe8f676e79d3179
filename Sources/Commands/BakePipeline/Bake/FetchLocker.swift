import BakeModel
import LayerBuild
import StageEngine

/// Pipeline → lock, for commands with network: runs those that the lock does not pin yet, and pins what they gave.
public struct FetchLocker: Sendable {
    let store: BakeStore
    let inputs: BakeInputs
    let request: BakeRequest

    /// Prepares to lock.
    /// - Parameter inputs: the files of the work tree, with a lock that pins everything but what is fetched.
    public init(store: BakeStore, inputs: BakeInputs, request: BakeRequest) {
        self.store = store
        self.inputs = inputs
        self.request = request
    }

    /// Pins the output of every command with network. What is pinned for the same command and inputs stays.
    /// - Parameters:
    ///   - old: what was pinned before.
    ///   - isUpdate: whether every command runs again.
    /// - Throws: the error of the first stage that fails.
    public func lock(
        keeping old: [StageName: LockedFetch], isUpdate: Bool, observe: @escaping @Sendable (BakeEvent) -> Void
    ) throws -> [StageName: LockedFetch] {
        let fetches = inputs.pipeline.stages.filter { $0.run?.network == .machine }
        let bases = try BaseImages(of: inputs.pipeline, in: store)
        let recipes = StageRecipes(inputs: inputs, bases: bases, isLocking: true)
        var locked: [StageName: LockedFetch] = [:]
        for stage in fetches where !isUpdate {
            if let pin = old[stage.name], try recipes.asked(of: stage) == pin.asked { locked[stage.name] = pin }
        }
        let open = Set(fetches.map(\.name)).subtracting(locked.keys)
        guard !open.isEmpty else { return locked }
        let products = try run(open, bases, observe)
        for stage in fetches where open.contains(stage.name) {
            guard let output = products[PlanNode.id(of: .stage(stage.name))]?.stage?.output else { continue }
            let asked = try recipes.recipe(for: stage, given: products).asked
            locked[stage.name] = LockedFetch(asked: asked, output: output)
        }
        return locked
    }

    /// The commands to run have no key: what is kept of an earlier run may not be what the world has now.
    private func run(
        _ open: Set<StageName>, _ bases: BaseImages, _ observe: @escaping @Sendable (BakeEvent) -> Void
    ) throws -> [String: BakeProduct] {
        let graph = try BakeGraph(
            store: store, inputs: inputs, request: request, bases: bases, isLocking: true,
            monitor: StageMonitor(keepingIn: nil, observe: observe)
        ).graph(of: open)
        let outcomes = try StageEngine(store: store, scope: inputs.pipeline.name, request: request).run(graph) {
            if case .settled(let outcome) = $0 { observe(.settled(BakeOutcome.Node(outcome))) }
        }
        if let failure = outcomes.lazy.compactMap(\.error).first { throw failure }
        let products = outcomes.compactMap { outcome in outcome.value.map { (outcome.id, $0) } }
        return Dictionary(products) { $1 }
    }
}
