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
            // `file` is also a type of checks, and then a map.
            if case .scalar? = map["file"] { return template(node, beside: file, &reading) }
            return map["in"] == nil ? .inline(yaml: node.text) : command(node, &reading)
        }
        return path(node, "spec", beside: file, &reading).map(SpecSource.file)
    }

    private static func path(
        _ node: YAMLNode, _ what: String, beside file: TreePath, _ reading: inout PipelineReading
    ) -> TreePath? {
        guard let text = reading.yaml.text(node, what) else { return nil }
        let isAbsolute = text.isAbsolutePath
        let isSpec = [".yaml", ".yml", ".json"].contains { text.hasSuffix($0) }
        if !isAbsolute, isSpec, let path = try? TreePath(cleaning: text) { return file.parent.appending(path) }
        reading.yaml.note(
            "\(what) is a YAML file of the commit beside the pipeline file, not \"\(text)\"", at: node.position,
            suggestion: "as in spec: goss.yaml")
        return nil
    }

    /// `{ file: goss.yaml, vars: FILE }`, also with a list of files, or the variables themselves.
    private static func template(
        _ node: YAMLNode, beside file: TreePath, _ reading: inout PipelineReading
    ) -> SpecSource? {
        guard let map = reading.yaml.record(node, "a spec with variables", keys: ["file", "vars"]),
            let spec = map["file"].flatMap({ path($0, "spec", beside: file, &reading) })
        else { return nil }
        switch map["vars"] {
        case nil: return .file(spec)
        case .mapping(let variables)?:
            return .template(SpecTemplate(file: spec, variables: [], inline: YAMLNode.mapping(variables).text))
        case .sequence(let list)?:
            var paths: [TreePath] = []
            for item in list.items { if let path = path(item, "vars", beside: file, &reading) { paths.append(path) } }
            return .template(SpecTemplate(file: spec, variables: paths, inline: nil))
        case let one?:
            let variables = path(one, "vars", beside: file, &reading)
            return variables.map { .template(SpecTemplate(file: spec, variables: [$0], inline: nil)) }
        }
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
