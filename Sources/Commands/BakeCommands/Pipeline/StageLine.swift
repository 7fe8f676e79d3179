import BakeModel
import BakePipeline

/// What became of a node, as a line: name, state, time, why.
struct StageLine {
    private let style: TerminalStyle

    init(_ style: TerminalStyle) { self.style = style }

    func text(of node: BakeOutcome.Node) -> String {
        let time = node.state == "ran" ? Wording.seconds(milliseconds: node.milliseconds) : ""
        let why = ["failed", "interrupted"].contains(node.state) ? "" : TerminalText.escaped(node.why)
        let state = colour(node.state)(node.state.padded(to: 7))
        // Padding stands outside of the colours: an empty end is cut off.
        let end = "\(time.padded(to: 7)) \(why)".trimmingEnd
        return end.isEmpty
            ? " \(node.name.padded(to: 10)) \(colour(node.state)(node.state))"
            : " \(node.name.padded(to: 10)) \(state) \(end)"
    }

    private func colour(_ state: String) -> (String) -> String {
        switch state {
        case "ran": style.green
        case "failed", "interrupted": style.red
        default: style.dim
        }
    }
}
