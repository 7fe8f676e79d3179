import BakeModel
import BakePipeline

/// When each node of a bake began, how long it took, and which of them decided how long everything took.
struct TimingsReport {
    private let nodes: [BakeOutcome.Node]
    private let path: CriticalPath
    private let milliseconds: Int64

    init(_ outcome: BakeOutcome) {
        nodes = outcome.nodes
        path = CriticalPath(outcome.nodes)
        milliseconds = outcome.milliseconds
    }

    /// For people: a line for each node, then the critical path with its sum.
    var lines: [String] {
        var table = TextTable()
        for node in nodes {
            let times = [node.start, node.milliseconds].map { Wording.seconds(milliseconds: $0) }
            table.add([node.name, node.state] + (node.state == "skipped" ? [] : ["at \(times[0])", times[1]]))
        }
        let steps = path.nodes.map { "\($0.name) \(Wording.seconds(milliseconds: $0.milliseconds))" }
        let sum = Wording.seconds(milliseconds: path.milliseconds)
        let whole = Wording.seconds(milliseconds: milliseconds)
        let critical = steps.isEmpty ? "nothing ran" : "\(steps.joined(separator: " → ")): \(sum)"
        return ["timings"] + table.lines.map { "  \($0)" } + ["critical path  \(critical) of \(whole)"]
    }

    /// `{"nodes":[{"name","state","start","duration"}],"critical":[names],"sum","whole"}`, all in milliseconds.
    var json: JSON {
        [
            "nodes": .array(
                nodes.map {
                    [
                        "name": .string($0.name), "state": .string($0.state), "start": .number($0.start),
                        "duration": .number($0.milliseconds),
                    ]
                }),
            "critical": .array(path.nodes.map { .string($0.name) }), "sum": .number(path.milliseconds),
            "whole": .number(milliseconds),
        ]
    }
}
