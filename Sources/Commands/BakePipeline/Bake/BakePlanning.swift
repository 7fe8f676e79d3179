import BakeModel
import LayerBuild
import StageEngine

extension BakeRun {
    /// The plan with what is known of each node without doing anything: nothing is written.
    public func plan() throws -> Plan {
        let plan = Plan(
            inputs.pipeline, lock: inputs.lock, policy: try store.promotion.policy(), isDraft: request.isDraft)
        let cache = StageCache(reading: "\(store.blobs.cache)/stages")
        let forecasts = StageForecast(cache: cache, scope: inputs.pipeline.name.text)
            .forecast(
                try BakeGraph(
                    store: store, inputs: inputs, request: request,
                    bases: try BaseImages(of: inputs.pipeline, in: store),
                    log: { _ in throw MissingProduct(node: "log") }
                ).graph())
        var states: [PlanNode.ID: PlanNode.State] = [:]
        for (id, forecast) in forecasts {
            switch forecast {
            case .cached: states[id] = .cached
            case .runs(let why): states[id] = .runs(why: why)
            }
        }
        return plan.with(states)
    }
}
