import BakeModel
import YAMLDocument

/// What the clauses of a pipeline file share while they are read: the faults, and the names of the stages.
struct PipelineReading {
    /// Takes values and collects faults.
    var yaml: YAMLReader
    /// The stages that the file declares, in its order.
    let stages: [StageName]
    private let declared: Set<StageName>
    /// What the pipeline's `args:` and `secrets:` give every command.
    let arguments: [String: String]
    let secrets: [String]
    /// Paths in the outputs of stages, checked when all outputs are known.
    var outputUses: [OutputUse] = []

    /// A relative path in another stage's output, and where it is written.
    struct OutputUse {
        let stage: StageName
        let path: TreePath
        let position: SourcePosition
    }

    init(yaml: YAMLReader, stages: [StageName], arguments: [String: String], secrets: [String]) {
        self.yaml = yaml
        self.stages = stages
        self.arguments = arguments
        self.secrets = secrets
        declared = Set(stages)
    }

    /// Whether the file declares a stage of that name.
    func declares(_ text: String) -> Bool { StageName(text).map(declared.contains) ?? false }

    /// The declared stage of that name; a fault where there is none.
    mutating func stage(_ text: String, at position: SourcePosition) -> StageName? {
        if let name = StageName(text), declared.contains(name) { return name }
        yaml.note("there is no stage \"\(text)\"", at: position, suggestion: suggestion(for: text))
        return nil
    }

    /// The path below some root; a fault where the text could leave it.
    mutating func path(_ text: some StringProtocol, at position: SourcePosition) -> TreePath? {
        do throws(TreePath.Fault) {
            return try TreePath(cleaning: String(text))
        } catch {
            switch error {
            case .leavesRoot: yaml.note("the path \"\(text)\" leads out by \"..\"", at: position)
            case .tooLong: yaml.note("the path is longer than 4095 bytes, or a part of it than 255", at: position)
            case .containsNUL: yaml.note("the path contains a NUL character", at: position)
            }
            return nil
        }
    }

    private func suggestion(for text: String) -> String? {
        if let near = Spelling.suggestion(for: text, in: stages.map(\.text)) { return near }
        return stages.isEmpty ? nil : "the stages are \(stages.map(\.text).joined(separator: ", "))"
    }
}
