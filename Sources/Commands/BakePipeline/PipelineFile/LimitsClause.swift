import BakeModel
import YAMLDocument

/// `limits:` of a stage: `{ memory: 2G, processes: 512, time: 30m }`.
enum LimitsClause {
    private static let keys = ["memory", "processes", "time"]
    private static let leastMemory: UInt64 = 1 << 20
    private static let mostProcesses: Int64 = 4_000_000
    private static let mostSeconds: UInt64 = 7 * 86_400

    /// Reads the limits of a command.
    static func read(_ node: YAMLNode, _ yaml: inout YAMLReader) -> StageLimits {
        guard let mapping = yaml.record(node, "limits", keys: keys) else { return StageLimits() }
        let memory = mapping["memory"].flatMap { Self.memory($0, &yaml) }
        let processes = mapping["processes"].flatMap { Self.processes($0, &yaml) }
        let seconds = mapping["time"].flatMap { Self.time($0, &yaml) }
        return StageLimits(memory: memory, processes: processes, seconds: seconds)
    }

    private static func memory(_ node: YAMLNode, _ yaml: inout YAMLReader) -> UInt64? {
        guard let text = yaml.text(node, "memory") else { return nil }
        if let bytes = Quantity.bytes(text), bytes >= leastMemory { return bytes }
        yaml.note(
            "memory is a size of 1M or more, not \"\(text)\"", at: node.position,
            suggestion: "write memory: 512M, or 2G (powers of 1024)")
        return nil
    }

    private static func processes(_ node: YAMLNode, _ yaml: inout YAMLReader) -> Int? {
        guard let count = yaml.integer(node, "processes") else { return nil }
        if (1...mostProcesses).contains(count) { return Int(count) }
        yaml.note("processes is a number from 1 to \(mostProcesses), not \(count)", at: node.position)
        return nil
    }

    private static func time(_ node: YAMLNode, _ yaml: inout YAMLReader) -> Int? {
        guard let text = yaml.text(node, "time") else { return nil }
        if let seconds = Quantity.seconds(text), (1...mostSeconds).contains(seconds) {
            return Int(seconds)
        }
        yaml.note(
            "time is a duration of at most a week, not \"\(text)\"", at: node.position,
            suggestion: "write time: 90s, 30m or 2h")
        return nil
    }
}
