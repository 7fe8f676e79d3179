import BakeModel
import YAMLDocument

/// What a stage starts from: exactly one of `from`, `debian` and `import`.
enum RootClause {
    private static let keys = ["from", "debian", "import"]

    /// Reads the root of a stage.
    static func read(
        _ clause: YAMLMapping, stage: StageName, at position: SourcePosition, _ reading: inout PipelineReading
    ) -> RootSource? {
        let given = clause.members.filter { keys.contains($0.key.text) }
        guard let first = given.first else {
            reading.yaml.note(
                "the stage \(stage) starts from nothing", at: position,
                suggestion: "give it one of: from: STAGE, from: scratch, debian: SUITE, import: PATH")
            return nil
        }
        for other in given.dropFirst() {
            reading.yaml.note(
                "the stage \(stage) has \"\(first.key.text)\" already; it starts from one root",
                at: other.key.position)
        }
        if first.key.text == "debian" { return DebianClause.read(first.value, &reading).map(RootSource.debian) }
        guard let text = reading.yaml.text(first.value, first.key.text) else { return nil }
        switch first.key.text {
        case "from": return from(text, at: first.value.position, &reading)
        default: return ImportClause.read(text, at: first.value.position, &reading).map(RootSource.imported)
        }
    }

    private static func from(
        _ text: String, at position: SourcePosition, _ reading: inout PipelineReading
    ) -> RootSource? {
        if text == "scratch" { return .scratch }
        guard text.utf8.contains(UInt8(ascii: "@")) || text.utf8.contains(UInt8(ascii: ":")) else {
            return reading.stage(text, at: position).map(RootSource.stage)
        }
        if let slot = Slot(text) { return .generation(.slot(slot)) }
        if let id = GenerationID(text), !id.isDraft { return .generation(.numbered(id)) }
        reading.yaml.note(
            "\"\(text)\" names no image of a pipeline", at: position,
            suggestion: "from: NAME:ENVIRONMENT or from: NAME@NUMBER, as in base:production and base@17")
        return nil
    }
}
