/// Which nodes may begin, because everything that they need is done. Nodes are numbers here.
///
/// Every need is looked at twice, however many nodes there are: `steps` counts, and a test holds it to that.
struct Readiness {
    /// How many needs were looked at so far.
    private(set) var steps = 0
    /// How many needs of a node are not done.
    private var missing: [Int]
    /// The nodes that need a node.
    let dependents: [[Int]]

    /// Begins with nothing done.
    /// - Parameter needs: for every node those that it needs.
    init(needs: [[Int]]) {
        var dependents = [[Int]](repeating: [], count: needs.count)
        for (node, needed) in needs.enumerated() {
            for other in needed { dependents[other].append(node) }
            steps += needed.count
        }
        self.dependents = dependents
        missing = needs.map(\.count)
    }

    /// The nodes that need nothing.
    var first: [Int] { missing.indices.filter { missing[$0] == 0 } }

    /// Takes a node as done.
    /// - Returns: the nodes that may begin now, and could not before.
    mutating func finish(_ node: Int) -> [Int] {
        steps += dependents[node].count
        return dependents[node].filter { dependent in
            missing[dependent] -= 1
            return missing[dependent] == 0
        }
    }
}
