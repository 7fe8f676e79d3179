import BakeModel
import YAMLDocument

/// A source of `add:` or `inputs:`: a path or pattern of the checkout, or `STAGE:path`.
enum ContentSourceClause {
    /// Reads a source.
    static func read(_ node: YAMLNode, _ what: String, _ reading: inout PipelineReading) -> ContentSource? {
        guard let text = reading.yaml.text(node, what) else { return nil }
        guard let parts = text.partsAtColon, NameGrammar.accepts(parts.before) else {
            return checkout(text, at: node.position, &reading)
        }
        let name = String(parts.before)
        guard reading.declares(name) else {
            noteUnknownStage(name, of: text, at: node.position, &reading)
            return nil
        }
        return reading.stage(name, at: node.position).flatMap {
            path(String(parts.after), of: $0, at: node.position, &reading)
        }
    }

    private static func noteUnknownStage(
        _ name: String, of text: String, at position: SourcePosition, _ reading: inout PipelineReading
    ) {
        let near = Spelling.suggestion(for: name, in: reading.stages.map(\.text))
        reading.yaml.note(
            "there is no stage \"\(name)\"", at: position,
            suggestion: near ?? "a file of the checkout with a colon in its name is written ./\(text)")
    }

    private static func checkout(
        _ text: String, at position: SourcePosition, _ reading: inout PipelineReading
    ) -> ContentSource? {
        guard !text.isAbsolutePath else {
            reading.yaml.note(
                "\"\(text)\" is absolute; a source is a path of the checkout, or STAGE:path", at: position)
            return nil
        }
        guard let path = reading.path(text, at: position) else { return nil }
        guard !text.isEmpty else {
            reading.yaml.note("a source is empty", at: position, suggestion: "the whole checkout is written ./")
            return nil
        }
        let contents = text.endsInSlash || path.isRoot
        return .checkout(PathPattern(text: path.description, contents: contents))
    }

    private static func path(
        _ text: String, of stage: StageName, at position: SourcePosition, _ reading: inout PipelineReading
    ) -> ContentSource? {
        guard !text.isEmpty else {
            reading.yaml.note(
                "the path after \"\(stage):\" is empty", at: position,
                suggestion: "its whole root is written \"\(stage):/\"")
            return nil
        }
        guard let path = reading.path(text, at: position) else { return nil }
        let inRoot = text.isAbsolutePath
        if !inRoot {
            reading.outputUses.append(PipelineReading.OutputUse(stage: stage, path: path, position: position))
        }
        return .stage(
            stage, StagePath(path: path, inRoot: inRoot, contents: text.endsInSlash || path.isRoot))
    }
}
