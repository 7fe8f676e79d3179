import BakeModel
import LayerBuild
import StageEngine

/// Commit → plan, with what is known of each node without doing anything: nothing is written.
public struct BakePlanning: Sendable {
    private let store: BakeStore?
    private let inputs: BakeInputs
    private let request: BakeRequest

    /// Prepares to plan.
    /// - Parameter store: nil where there is none yet; then everything will run.
    public init(store: BakeStore?, inputs: BakeInputs, request: BakeRequest) {
        self.store = store
        self.inputs = inputs
        self.request = request
    }

    /// Plans.
    /// - Throws: what keeps the pipeline from being baked at all; `UnknownBase`.
    public func plan() throws -> Plan {
        let policy = try store?.promotion.policy() ?? .empty
        let plan = Plan(inputs.pipeline, lock: inputs.lock, policy: policy, isDraft: request.isDraft)
        let forecast = StageForecast(
            cache: StageCache(reading: store.map { StageCache.directory(in: $0) } ?? ""),
            scope: inputs.pipeline.name.text,
            fresh: request.fresh)
        return plan.with(forecast.forecast(try graph().graph()).mapValues(PlanNode.State.init))
    }

    private func graph() throws -> BakeGraph {
        BakeGraph(
            store: store, inputs: inputs, request: request,
            bases: try store.map { try BaseImages(of: inputs.pipeline, in: $0) } ?? .none,
            booted: try store.map { try BootedImages(of: inputs, in: $0, for: request) } ?? .none,
            monitor: StageMonitor(keepingIn: nil) { _ in })
    }
}

extension PlanNode.State {
    fileprivate init(_ expectation: StageForecast.Expectation) {
        switch expectation {
        case .cached: self = .cached
        case .runs(let why): self = .runs(why: why)
        }
    }
}

extension StageCache {
    /// Where a store keeps the results of stages.
    static func directory(in store: BakeStore) -> String { "\(store.blobs.cache)/stages" }
}
