/// The nodes of a bake that decided how long it took: of all ways through the graph the one with the longest sum.
public struct CriticalPath: Sendable {
    /// The nodes that ran, in order.
    public let nodes: [BakeOutcome.Node]
    /// What they took together, in milliseconds.
    public var milliseconds: Int64 { nodes.reduce(0) { $0 + $1.milliseconds } }

    /// Finds it.
    /// - Parameter all: the nodes of a bake, each behind what it needs.
    public init(_ all: [BakeOutcome.Node]) {
        var longest: [PlanNode.ID: (sum: Int64, node: BakeOutcome.Node, before: PlanNode.ID?)] = [:]
        for node in all {
            let before = node.needs.max { (longest[$0]?.sum ?? 0) < (longest[$1]?.sum ?? 0) }
            let own = node.hasRun ? node.milliseconds : 0
            longest[node.id] = ((before.flatMap { longest[$0]?.sum } ?? 0) + own, node, before)
        }
        var nodes: [BakeOutcome.Node] = []
        var next = longest.values.max { $0.sum < $1.sum }
        while let step = next {
            if step.node.hasRun { nodes.insert(step.node, at: 0) }
            next = step.before.flatMap { longest[$0] }
        }
        self.nodes = nodes
    }
}
