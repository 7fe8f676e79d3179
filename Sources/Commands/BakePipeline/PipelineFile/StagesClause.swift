import BakeModel
import YAMLDocument

/// `stages:`, the graph.
enum StagesClause {
    /// More than anybody writes: ten thousand take the plan a fraction of a second.
    private static let most = 10_000

    /// Reads every stage, then checks what only all of them together show.
    static func read(_ node: YAMLNode, _ reading: inout PipelineReading) -> [Stage]? {
        guard let mapping = reading.yaml.mapping(node, "stages") else { return nil }
        guard !mapping.members.isEmpty else {
            reading.yaml.note("stages is empty", at: node.position, suggestion: "a first stage: {os: {from: scratch}}")
            return nil
        }
        guard mapping.members.count <= most else {
            reading.yaml.note("more than \(most) stages", at: mapping.members[most].key.position)
            return nil
        }
        let stages = mapping.members.compactMap { member -> Stage? in
            guard let name = StageName(member.key.text) else {
                reading.yaml.note(
                    "\"\(member.key.text)\" is no name for a stage", at: member.key.position,
                    suggestion: NameGrammar.explanation)
                return nil
            }
            return StageClause.read(member.value, name: name, at: member.key.position, &reading)
        }
        noteMissingOutputs(of: stages, &reading)
        noteCycles(among: stages, in: mapping, &reading)
        return stages.count == mapping.members.count ? stages : nil
    }

    private static func noteMissingOutputs(of stages: [Stage], _ reading: inout PipelineReading) {
        let declared = Dictionary(uniqueKeysWithValues: stages.map { ($0.name, $0.run?.output ?? []) })
        for use in reading.outputUses {
            guard let outputs = declared[use.stage] else { continue }
            if outputs.isEmpty {
                reading.yaml.note(
                    "the stage \(use.stage) has no output", at: use.position,
                    suggestion: "a path of its root begins with a slash: \"\(use.stage):/\(use.path)\"")
            } else if !outputs.contains(where: { overlap($0.path, use.path) }) {
                reading.yaml.note(
                    "the output of \(use.stage) does not hold \(use.path)", at: use.position,
                    suggestion: "its output is \(outputs.map(\.path.description).joined(separator: ", "))")
            }
        }
    }

    private static func overlap(_ left: TreePath, _ right: TreePath) -> Bool {
        left.relative(to: right) != nil || right.relative(to: left) != nil
    }

    private static func noteCycles(
        among stages: [Stage], in mapping: YAMLMapping, _ reading: inout PipelineReading
    ) {
        let needs = Dictionary(uniqueKeysWithValues: stages.map { ($0.name, $0.needs) })
        for cycle in Cycles.find(in: stages.map(\.name), needs: { needs[$0] ?? [] }) {
            guard let key = mapping.members.first(where: { $0.key.text == cycle[0].text })?.key else { continue }
            let way = (cycle + [cycle[0]]).map(\.text).joined(separator: " → ")
            reading.yaml.note("stages need each other: \(way)", at: key.position)
        }
    }
}
