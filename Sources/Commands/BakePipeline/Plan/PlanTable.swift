import BakeModel

/// A plan as lines of text for people: what each node is called, what it does, what it stands behind, its state.
public struct PlanTable {
    /// The lines, each with its end.
    public let text: String

    /// Lays out a plan.
    public init(_ plan: Plan) {
        let titles = Dictionary(uniqueKeysWithValues: plan.nodes.map { ($0.id, $0.title) })
        var table = TextTable()
        for node in plan.nodes {
            let needs = node.needs.compactMap { titles[$0] }.joined(separator: ", ")
            table.add([node.title, node.summary, needs.isEmpty ? "" : "after \(needs)", Self.state(node.state)])
        }
        text = table.lines.map { "\($0)\n" }.joined()
    }

    private static func state(_ state: PlanNode.State?) -> String {
        switch state {
        case nil: ""
        case .cached: "cached"
        case .runs(nil): "will run"
        case .runs(let why?): "will run: \(why)"
        }
    }
}
