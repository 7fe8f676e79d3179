import BakeModel
import YAMLDocument

/// A pipeline file: `bake.yaml`, or `bake/NAME.yaml`.
public enum PipelineFile {
    static let keys = ["name", "args", "secrets", "stages", "image", "spec"]
    static let laterKeys = ["mirror", "include", "matrix"]

    /// Reads and checks a pipeline file. `path` is where it lies in the commit: faults name it, and a spec file lies
    /// beside it. Throws all faults at once.
    public static func read(_ bytes: [UInt8], at path: TreePath) throws(SourceFaults) -> Pipeline {
        var (yaml, root) = YAMLReader.open(bytes, file: path.description)
        guard let root else { return try yaml.finish(nil) }
        guard let file = yaml.record(root, "a pipeline", keys: keys, later: laterKeys) else {
            return try yaml.finish(nil)
        }
        let name = required("name", of: file, &yaml).flatMap { Self.name($0, &yaml) }
        let arguments = file["args"].map { ArgumentsClause.arguments($0, &yaml) } ?? [:]
        let secrets = file["secrets"].map { ArgumentsClause.secrets($0, &yaml) } ?? []
        var reading = PipelineReading(
            yaml: yaml, stages: declaredStages(file), arguments: arguments, secrets: secrets)
        let stages = required("stages", of: file, &reading.yaml).flatMap { StagesClause.read($0, &reading) }
        let image = required("image", of: file, &reading.yaml).flatMap { Self.image($0, &reading) }
        let spec = file["spec"].flatMap { SpecClause.read($0, beside: path, &reading) }
        guard let name, let stages, let image else { return try reading.yaml.finish(nil) }
        return try reading.yaml.finish(Pipeline(name: name, stages: stages, image: image, spec: spec))
    }

    /// Whether bytes may be a pipeline file. Only a file that reads as YAML and has no key of a pipeline's own is none:
    /// a broken file is taken for one, so that its faults are shown and not its absence.
    static func mayBe(_ bytes: [UInt8]) -> Bool {
        guard let document = try? YAMLDocument(parsing: bytes, file: "") else { return true }
        guard case .mapping(let file) = document.root else { return false }
        return file["stages"] != nil || file["image"] != nil
    }

    private static func required(_ key: String, of file: YAMLMapping, _ yaml: inout YAMLReader) -> YAMLNode? {
        if let node = file[key] { return node }
        yaml.note("the pipeline has no \"\(key)\"", at: file.position)
        return nil
    }

    private static func name(_ node: YAMLNode, _ yaml: inout YAMLReader) -> PipelineName? {
        guard let text = yaml.text(node, "name") else { return nil }
        if let name = PipelineName(text) { return name }
        yaml.note("\"\(text)\" is no name", at: node.position, suggestion: NameGrammar.explanation)
        return nil
    }

    /// The names that stages have, known before any stage is read: whether `a:b` is a stage's path depends on them.
    private static func declaredStages(_ file: YAMLMapping) -> [StageName] {
        guard case .mapping(let stages) = file["stages"] else { return [] }
        return stages.members.compactMap { StageName($0.key.text) }
    }

    private static func image(_ node: YAMLNode, _ reading: inout PipelineReading) -> StageName? {
        guard let text = reading.yaml.text(node, "image") else { return nil }
        return reading.stage(text, at: node.position)
    }
}
