import BakeModel
import YAMLDocument

/// `spec:`, a file beside the pipeline file, the checks themselves, a command in a stage, or a list of these.
enum SpecClause {
    /// Reads where the checks stand.
    static func read(_ node: YAMLNode, beside file: TreePath, _ reading: inout PipelineReading) -> SpecSource? {
        guard case .sequence(let list) = node else { return item(node, beside: file, &reading) }
        if list.items.isEmpty { reading.yaml.note("the spec checks nothing", at: node.position) }
        var sources: [SpecSource] = []
        for node in list.items { if let source = item(node, beside: file, &reading) { sources.append(source) } }
        return .list(sources)
    }

    private static func item(
        _ node: YAMLNode, beside file: TreePath, _ reading: inout PipelineReading
    ) -> SpecSource? {
        if case .mapping(let map) = node {
            return map["in"] == nil ? .inline(yaml: node.text) : command(node, &reading)
        }
        guard let text = reading.yaml.text(node, "spec") else { return nil }
        let isAbsolute = text.isAbsolutePath
        let isSpec = [".yaml", ".yml", ".json"].contains { text.hasSuffix($0) }
        if !isAbsolute, isSpec, let path = try? TreePath(cleaning: text) { return .file(file.parent.appending(path)) }
        reading.yaml.note(
            "spec is a YAML file of the commit beside the pipeline file, not \"\(text)\"", at: node.position,
            suggestion: "as in spec: goss.yaml")
        return nil
    }

    /// `{ in: STAGE, run: COMMAND }`.
    private static func command(_ node: YAMLNode, _ reading: inout PipelineReading) -> SpecSource? {
        guard let map = reading.yaml.record(node, "a check in a stage", keys: ["in", "run"]), let place = map["in"],
            let name = reading.yaml.text(place, "\"in\""), let stage = reading.stage(name, at: place.position)
        else { return nil }
        guard let run = map["run"] else {
            reading.yaml.note("the check has no \"run\"", at: map.position, suggestion: "run: test -x /image/app")
            return nil
        }
        guard let script = reading.yaml.text(run, "\"run\"") else { return nil }
        return .command(StageCheck(stage: stage, script: script))
    }
}
