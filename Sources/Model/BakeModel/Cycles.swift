/// Cycles of a graph: nodes that wait for each other.
public enum Cycles {
    /// One cycle of each knot, as the nodes along it in the direction of need, beginning with the one that comes first
    /// in `nodes`.
    public static func find<Node: Hashable>(in nodes: [Node], needs: (Node) -> [Node]) -> [[Node]] {
        var cycles: [[Node]] = []
        let stuck = stuck(nodes, needs: needs)
        var done = Set(nodes).subtracting(stuck)
        for node in nodes where stuck.contains(node) && !done.contains(node) {
            if let cycle = shortestWay(from: node, needs: needs, without: done) {
                cycles.append(cycle)
                done.formUnion(cycle)
            }
            done.insert(node)
        }
        return cycles
    }

    /// The nodes that wait for each other or for some that do: what is left when nodes are taken away whose needs are
    /// all taken away. Linear, so that a graph without cycles costs no search.
    private static func stuck<Node: Hashable>(_ nodes: [Node], needs: (Node) -> [Node]) -> Set<Node> {
        var missing: [Node: Int] = [:]
        var dependents: [Node: [Node]] = [:]
        let known = Set(nodes)
        for node in known {
            let needed = needs(node).filter(known.contains)
            missing[node] = needed.count
            for need in needed { dependents[need, default: []].append(node) }
        }
        var free = known.filter { missing[$0] == 0 }.map { $0 }
        while let node = free.popLast() {
            missing[node] = nil
            for dependent in dependents[node] ?? [] {
                missing[dependent, default: 0] -= 1
                if missing[dependent] == 0 { free.append(dependent) }
            }
        }
        return Set(missing.keys)
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
