import BakeModel

/// A plan as lines of text for people: what each node is called, what it does, what it stands behind, its state.
public struct PlanTable {
    /// The lines, each with its end.
    public let text: String

    /// Lays out a plan.
    public init(_ plan: Plan) {
        let titles = Dictionary(uniqueKeysWithValues: plan.nodes.map { ($0.id, $0.title) })
        let rows = plan.nodes.map { node in
            [
                TerminalText.escaped(node.title), TerminalText.escaped(node.summary),
                node.needs.isEmpty ? "" : "after \(node.needs.compactMap { titles[$0] }.joined(separator: ", "))",
                Self.state(node.state),
            ]
        }
        text = Self.aligned(rows)
    }

    private static func state(_ state: PlanNode.State?) -> String {
        switch state {
        case nil: ""
        case .cached: "cached"
        case .runs(nil): "will run"
        case .runs(let why?): "will run: \(TerminalText.escaped(why))"
        }
    }

    private static func aligned(_ rows: [[String]]) -> String {
        let columns = rows.first?.indices ?? 0..<0
        let widths = columns.map { column in rows.map { TerminalText.width(of: $0[column]) }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - TerminalText.width(of: cell))
            }
            let line = zip(cells, widths).filter { $1 > 0 }.map(\.0).joined(separator: "  ")
            let end = line.lastIndex { $0 != " " }.map { line.index(after: $0) } ?? line.startIndex
            return "\(line[..<end])\n"
        }.joined()
    }
}
