import BakeModel

/// What a run would do, found out without doing anything.
public struct StageForecast: Sendable {
    private let cache: StageCache
    private let scope: String

    /// What is expected of a node.
    public enum Expectation: Hashable, Sendable {
        /// Its result is there.
        case cached
        /// It will be made, and why.
        case runs(why: String)
    }

    /// - Parameter scope: as the engine has it.
    public init(cache: StageCache, scope: String) {
        self.cache = cache
        self.scope = scope
    }

    /// Follows the graph as far as results are there. What needs a node that will run will run as well, or turn out to
    /// be there once its inputs are known; it is told as running, because its need does.
    public func forecast<Value: StageValue>(_ graph: StageGraph<Value>) -> [String: Expectation] {
        var values: [String: Value] = [:]
        var expectations: [String: Expectation] = [:]
        for node in graph.nodes {
            if let need = node.needs.first(where: { values[$0] == nil }) {
                expectations[node.id] = .runs(why: "\(Self.title(of: need)) runs")
                continue
            }
            let inputs = values.filter { node.needs.contains($0.key) }
            do {
                guard let key = try node.key(inputs) else {
                    expectations[node.id] = .runs(why: "every time")
                    continue
                }
                if let value = cache.value(for: key, as: Value.self), node.holds(value) {
                    values[node.id] = value
                    expectations[node.id] = .cached
                } else {
                    let last = cache.lastKey(of: "\(scope)/\(node.id)")
                    expectations[node.id] = .runs(why: StageEngine.why(key, after: last))
                }
            } catch {
                let reason = (error as? any ExplainedError)?.reason ?? String(describing: error)
                expectations[node.id] = .runs(why: "and fail: \(reason)")
            }
        }
        return expectations
    }

    private static func title(of id: String) -> String { id.split(separator: "/").last.map(String.init) ?? id }
}
