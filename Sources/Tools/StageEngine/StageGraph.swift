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
    /// A shorter list than the key that decides the key: equal shorthands mean equal keys. It spares making the key where
    /// one was made from the same shorthand before; nil where there is none.
    public let shorthand: @Sendable (Inputs) throws -> StageKey?
    /// Whether a kept result still holds, for instance because the files that it names are there.
    public let holds: @Sendable (Value) -> Bool
    /// Makes the result.
    public let work: @Sendable (Inputs) throws -> Value

    /// Describes a piece of work.
    public init(
        id: String, needs: [String], key: @escaping @Sendable (Inputs) throws -> StageKey?,
        shorthand: @escaping @Sendable (Inputs) throws -> StageKey? = { _ in nil },
        holds: @escaping @Sendable (Value) -> Bool = { _ in true },
        work: @escaping @Sendable (Inputs) throws -> Value
    ) {
        self.id = id
        self.needs = needs
        self.key = key
        self.shorthand = shorthand
        self.holds = holds
        self.work = work
    }
}

/// Nodes in an order in which each stands behind what it needs.
public struct StageGraph<Value: StageValue>: Sendable {
    /// The nodes, what is needed first.
    public let nodes: [StageNode<Value>]
    /// For every node the places in `nodes` of those that it needs.
    let needs: [[Int]]

    /// Why nodes are no graph that can be run.
    public enum Fault: Error, Hashable, Sendable {
        /// Two nodes have the same name.
        case duplicate(String)
        /// A node needs one that is not there.
        case unknown(node: String, needs: String)
        /// These nodes wait for each other, or for some that do.
        case cycle([String])
    }

    /// Orders the nodes, keeping the given order where the needs allow.
    public init(_ nodes: [StageNode<Value>]) throws(Fault) {
        let needs = try Self.needs(of: nodes)
        let order = TopologicalOrder.of(needs: needs)
        guard order.count == nodes.count else {
            let done = Set(order)
            throw .cycle(nodes.indices.filter { !done.contains($0) }.map { nodes[$0].id })
        }
        var places = [Int](repeating: 0, count: nodes.count)
        for (place, node) in order.enumerated() { places[node] = place }
        self.nodes = order.map { nodes[$0] }
        self.needs = order.map { needs[$0].map { places[$0] } }
    }

    private static func needs(of nodes: [StageNode<Value>]) throws(Fault) -> [[Int]] {
        var places: [String: Int] = [:]
        for (place, node) in nodes.enumerated() where places.updateValue(place, forKey: node.id) != nil {
            throw .duplicate(node.id)
        }
        var needs: [[Int]] = []
        for node in nodes {
            if let missing = node.needs.first(where: { places[$0] == nil }) {
                throw .unknown(node: node.id, needs: missing)
            }
            needs.append(node.needs.compactMap { places[$0] })
        }
        return needs
    }
}
