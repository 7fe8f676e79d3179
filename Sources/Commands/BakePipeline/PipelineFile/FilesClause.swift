import BakeModel
import YAMLDocument

/// `files:`, a map from paths of the image to their text, or to `{ content:, mode:, owner: }`.
enum FilesClause {
    private static let keys = ["content", "mode", "owner"]
    private static let laterKeys = ["template", "encoding", "base64"]

    /// Reads the files as rules of `add`, in the file's order.
    static func read(_ node: YAMLNode, _ reading: inout PipelineReading) -> [AddRule] {
        guard case .mapping(let mapping) = node else {
            reading.yaml.noteKind(of: node, "files", wanted: "a map from paths of the image to their text")
            return []
        }
        return mapping.members.compactMap { file($0, &reading) }
    }

    private static func file(_ member: YAMLMapping.Member, _ reading: inout PipelineReading) -> AddRule? {
        guard let path = path(member, &reading) else { return nil }
        guard case .mapping(let mapping) = member.value else {
            return reading.yaml.text(member.value, "the text of \(member.key.text)").map {
                rule(path, $0, mode: nil, owner: nil)
            }
        }
        _ = reading.yaml.record(member.value, "a file", keys: keys, later: laterKeys)
        let mode = mapping["mode"].flatMap { FileMode.read($0, &reading.yaml) }
        let owner = mapping["owner"].flatMap { FileOwner.read($0, &reading.yaml) }
        guard let content = mapping["content"] else {
            reading.yaml.note("the file has no \"content\"", at: mapping.position, suggestion: "add: copies files")
            return nil
        }
        return reading.yaml.text(content, "content").map { rule(path, $0, mode: mode, owner: owner) }
    }

    private static func rule(_ path: TreePath, _ text: String, mode: UInt16?, owner: OwnerName?) -> AddRule {
        AddRule(
            destination: path, intoDirectory: false, source: .text(Array(text.utf8)), mode: mode ?? 0o644,
            owner: owner ?? .root)
    }

    private static func path(_ member: YAMLMapping.Member, _ reading: inout PipelineReading) -> TreePath? {
        let text = member.key.text
        guard text.isAbsolutePath, !text.endsInSlash else {
            reading.yaml.note(
                "\"\(text)\" is no absolute path of a file in the image", at: member.key.position,
                suggestion: text.isAbsolutePath ? nil : "write /\(text)")
            return nil
        }
        return reading.path(text, at: member.key.position)
    }
}
