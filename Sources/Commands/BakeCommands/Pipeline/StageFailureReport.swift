import BakeModel
import BakePipeline

/// What is told of a bake that failed: each error, where the stage's output is, and how to look into its root.
struct StageFailureReport {
    let outcome: BakeOutcome

    /// The lines for standard error.
    var lines: [String] {
        let names = outcome.failures.map(\.name).joined(separator: ", ")
        return outcome.failures.flatMap(lines) + ["build \(outcome.entry) failed at \(names)"]
    }

    private func lines(of node: BakeOutcome.Node) -> [String] {
        var lines = (node.error as? any ExplainedError).map(CommandFailure.lines) ?? []
        if let error = node.error, lines.isEmpty {
            lines = ["bake: \(TerminalText.escaped(String(describing: error)))"]
        }
        if node.output != nil { lines.append("all it printed:   bake output \(outcome.entry) \(node.name)") }
        switch node.shell {
        case .kept: lines.append("a shell in there: bake enter failed:\(node.name)")
        case .possible:
            lines.append("a shell in there: bake --keep-failed, then bake enter failed:\(node.name)")
        case nil: break
        }
        return lines
    }
}
