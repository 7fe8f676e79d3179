import BakeModel
import YAMLDocument

/// `run:` with its `inputs:` and `output:`.
enum RunClause {
    /// Reads the step; nil where the stage runs nothing.
    static func read(_ clause: YAMLMapping, _ reading: inout PipelineReading) -> RunStep? {
        let inputs = clause["inputs"].map { Self.inputs($0, &reading) }
        let output = clause["output"].map { Self.outputs($0, &reading) } ?? []
        guard let node = clause["run"] else {
            for member in clause.members where ["inputs", "output"].contains(member.key.text) {
                reading.yaml.note("\"\(member.key.text)\" without \"run\"", at: member.key.position)
            }
            return nil
        }
        if case .sequence = node {
            reading.yaml.note(
                "run is one text for /bin/sh, not a list", at: node.position,
                suggestion: "several commands are written as a block: run: |")
            return nil
        }
        guard let command = reading.yaml.text(node, "run") else { return nil }
        guard command.contains(where: { !$0.isWhitespace }) else {
            reading.yaml.note("run is empty", at: node.position)
            return nil
        }
        return RunStep(command: command, inputs: inputs, output: output)
    }

    private static func inputs(_ node: YAMLNode, _ reading: inout PipelineReading) -> [ContentSource] {
        oneOrMore(node).compactMap { ContentSourceClause.read($0, "an input", &reading) }
    }

    private static func outputs(_ node: YAMLNode, _ reading: inout PipelineReading) -> [StagePath] {
        oneOrMore(node).compactMap { output($0, &reading) }
    }

    private static func oneOrMore(_ node: YAMLNode) -> [YAMLNode] {
        if case .sequence(let list) = node { list.items } else { [node] }
    }

    private static func output(_ node: YAMLNode, _ reading: inout PipelineReading) -> StagePath? {
        guard let text = reading.yaml.text(node, "output") else { return nil }
        guard !text.isAbsolutePath else {
            let relative = text.hasPrefix("/work/") ? String(text.dropFirst(6)) : "dist/"
            reading.yaml.note(
                "output is a path below /work, where run works, not \"\(text)\"", at: node.position,
                suggestion: "write it relative: output: \(relative)")
            return nil
        }
        guard !PathPattern(text: text, contents: false).isGlob else {
            reading.yaml.note("output is a path, not the pattern \"\(text)\"", at: node.position)
            return nil
        }
        return reading.path(text, at: node.position).map {
            StagePath(path: $0, inRoot: false, contents: text.endsInSlash || $0.isRoot)
        }
    }
}
