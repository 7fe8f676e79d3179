import BakeModel

/// A piece of work in a graph: what it needs, what its result depends on, and how the result is made.
public struct StageNode<Value: StageValue>: Sendable {
    /// The results of the nodes that this one needs, by id.
    public typealias Inputs = [String: Value]

    /// Its name, one of a kind in the graph.
    public let id: String
    /// The names of the nodes that must be done before.
    public let needs: [String]
    /// Everything that goes in, once what it needs is there; nil for work that is done every time.
    public let key: @Sendable (Inputs) throws -> StageKey?
    /// Whether a kept result still holds, for instance because the files that it names are there.
    public let holds: @Sendable (Value) -> Bool
    /// Makes the result.
    public let work: @Sendable (Inputs) throws -> Value

    /// Describes a piece of work.
    public init(
        id: String, needs: [String], key: @escaping @Sendable (Inputs) throws -> StageKey?,
        holds: @escaping @Sendable (Value) -> Bool = { _ in true },
        work: @escaping @Sendable (Inputs) throws -> Value
    ) {
        self.id = id
        self.needs = needs
        self.key = key
        self.holds = holds
        self.work = work
    }
}

/// Nodes in an order in which each stands behind what it needs.
public struct StageGraph<Value: StageValue>: Sendable {
    /// The nodes, what is needed first.
    public let nodes: [StageNode<Value>]

    /// Why nodes are no graph that can be run.
    public enum Fault: Error, Hashable, Sendable {
        /// A node needs one that is not there.
        case unknown(node: String, needs: String)
        /// These nodes wait for each other.
        case cycle([String])
    }

    /// Orders the nodes, keeping the given order where the needs allow.
    public init(_ nodes: [StageNode<Value>]) throws(Fault) {
        let known = Set(nodes.map(\.id))
        for node in nodes {
            if let missing = node.needs.first(where: { !known.contains($0) }) {
                throw .unknown(node: node.id, needs: missing)
            }
        }
        var ordered: [StageNode<Value>] = []
        var done: Set<String> = []
        var rest = nodes
        while !rest.isEmpty {
            let ready = rest.filter { $0.needs.allSatisfy(done.contains) }
            guard !ready.isEmpty else { throw .cycle(rest.map(\.id)) }
            ordered += ready
            done.formUnion(ready.map(\.id))
            rest.removeAll { done.contains($0.id) }
        }
        self.nodes = ordered
    }
}
