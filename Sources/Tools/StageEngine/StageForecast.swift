import BakeModel

/// What a run would do, found out without doing anything.
public struct StageForecast: Sendable {
    private let cache: StageCache
    private let scope: String
    private let fresh: Set<String>

    /// What is expected of a node.
    public enum Expectation: Hashable, Sendable {
        /// Its result is there.
        case cached
        /// It will be made, and why.
        case runs(why: String)
    }

    /// Looks into a cache. Scope and fresh nodes are those of the engine that would run.
    public init(cache: StageCache, scope: String, fresh: Set<String> = []) {
        self.cache = cache
        self.scope = scope
        self.fresh = fresh
    }

    /// Follows the graph as far as results are there. What needs a node that will run will run as well, or turn out to
    /// be there once its inputs are known; it is told as running, because its need does.
    public func forecast<Value: StageValue>(_ graph: StageGraph<Value>) -> [String: Expectation] {
        var values: [String: Value] = [:]
        var expectations: [String: Expectation] = [:]
        for node in graph.nodes {
            let found = node.needs.compactMap { need in values[need].map { (need, $0) } }
            let (expectation, value) = expect(node, Dictionary(found, uniquingKeysWith: { $1 }))
            expectations[node.id] = expectation
            values[node.id] = value
        }
        return expectations
    }

    private func expect<Value: StageValue>(
        _ node: StageNode<Value>, _ inputs: [String: Value]
    ) -> (Expectation, Value?) {
        if fresh.contains(node.id) { return (.runs(why: RunReason.forced), nil) }
        if let need = node.needs.first(where: { inputs[$0] == nil }) {
            return (.runs(why: "\(Self.title(of: need)) runs"), nil)
        }
        do {
            if let kept = try cache.kept(of: node, inputs) { return (.cached, kept.value) }
            guard let key = try node.key(inputs) else { return (.runs(why: "every time"), nil) }
            if let kept = cache.result(for: key.digest, as: Value.self), node.holds(kept.value) {
                return (.cached, kept.value)
            }
            let last = cache.last(of: "\(scope)/\(node.id)")
            return (.runs(why: RunReason.text(key, after: last, in: cache)), nil)
        } catch {
            let reason = (error as? any ExplainedError)?.reason ?? String(describing: error)
            return (.runs(why: "and fail: \(reason)"), nil)
        }
    }

    private static func title(of id: String) -> String { id.split(separator: "/").last.map(String.init) ?? id }
}
