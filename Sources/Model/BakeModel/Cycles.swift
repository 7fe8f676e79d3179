/// Cycles of a graph: nodes that wait for each other.
public enum Cycles {
    /// One cycle of each knot, as the nodes along it in the direction of need, beginning with the one that comes first
    /// in `nodes`.
    public static func find<Node: Hashable>(in nodes: [Node], needs: (Node) -> [Node]) -> [[Node]] {
        var cycles: [[Node]] = []
        var done: Set<Node> = []
        for node in nodes where !done.contains(node) {
            if let cycle = shortestWay(from: node, needs: needs, without: done) {
                cycles.append(cycle)
                done.formUnion(cycle)
            }
            done.insert(node)
        }
        return cycles
    }

    /// The shortest way from a node back to itself, found breadth first; nil where there is none.
    private static func shortestWay<Node: Hashable>(
        from start: Node, needs: (Node) -> [Node], without done: Set<Node>
    ) -> [Node]? {
        var cameFrom: [Node: Node] = [:]
        var queue = [start]
        var next = 0
        while next < queue.count {
            let node = queue[next]
            next += 1
            for need in needs(node) where !done.contains(need) {
                if need == start { return way(to: node, from: start, cameFrom) }
                if cameFrom[need] == nil {
                    cameFrom[need] = node
                    queue.append(need)
                }
            }
        }
        return nil
    }

    private static func way<Node: Hashable>(to end: Node, from start: Node, _ cameFrom: [Node: Node]) -> [Node] {
        var way = [end]
        while let last = way.last, last != start, let before = cameFrom[last] { way.append(before) }
        return way.reversed()
    }
}
