import BakeModel

/// A plan as a drawing: the text of a graph that another program lays out.
public enum PlanGraph {
    /// The DOT language of Graphviz, for `dot -Tsvg`.
    public static func dot(_ plan: Plan) -> String {
        var lines = ["digraph \(quoted(plan.pipeline.text)) {", "  rankdir=LR;", "  node [shape=box];"]
        for node in plan.nodes {
            let dashed = node.state == .cached ? ", style=dashed" : ""
            lines.append("  \(quoted(node.id)) [label=\(quoted(label(node)))\(dashed)];")
        }
        for node in plan.nodes {
            lines += node.needs.map { "  \(quoted($0)) -> \(quoted(node.id));" }
        }
        return lines.joined(separator: "\n") + "\n}\n"
    }

    /// A Mermaid flowchart, as Markdown viewers draw it. Its nodes are numbered: `end` and others are no ids there.
    public static func mermaid(_ plan: Plan) -> String {
        let numbers = Dictionary(uniqueKeysWithValues: plan.nodes.enumerated().map { ($1.id, $0) })
        var lines = ["flowchart LR"]
        for (number, node) in plan.nodes.enumerated() {
            let cached = node.state == .cached ? ":::cached" : ""
            lines.append("  n\(number)[\"\(entities(label(node)))\"]\(cached)")
        }
        for (number, node) in plan.nodes.enumerated() {
            lines += node.needs.compactMap { numbers[$0] }.map { "  n\($0) --> n\(number)" }
        }
        if plan.nodes.contains(where: { $0.state == .cached }) { lines.append("  classDef cached stroke-dasharray: 4") }
        return lines.map { "\($0)\n" }.joined()
    }

    private static func label(_ node: PlanNode) -> String {
        TerminalText.escaped(node.title) + "\n" + TerminalText.escaped(node.summary)
    }

    /// DOT: within quotes only the quote and the backslash have a meaning.
    private static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\n": "\\n"
            default: String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }

    /// Mermaid: within quotes, HTML and Markdown have a meaning, and `#` begins an entity.
    private static func entities(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "\n": "<br/>"
            case "\"", "#", "<", ">", "&", "`", "*", "_", "\\", ";": "#\(scalar.value);"
            default: String(scalar)
            }
        }.joined()
    }
}
