/// An order of nodes in which each stands behind what it needs. Nodes are numbers here.
public enum TopologicalOrder {
    /// Orders nodes; of those that may come next always the one with the lowest number. Without those of a cycle and what
    /// needs them. The work grows as the needs do.
    /// - Parameter needs: for every node those that it needs.
    public static func of(needs: [[Int]]) -> [Int] {
        var readiness = Readiness(needs: needs)
        var queue = PriorityQueue<Turn>()
        for node in readiness.first { queue.push(Turn(weight: 0, node: node)) }
        var order: [Int] = []
        while let next = queue.pop()?.node {
            order.append(next)
            for node in readiness.finish(next) { queue.push(Turn(weight: 0, node: node)) }
        }
        return order
    }
}
