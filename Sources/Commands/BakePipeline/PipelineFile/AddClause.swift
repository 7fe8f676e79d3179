import BakeModel
import YAMLDocument

/// `add:`, a map from destinations in the image to what is copied there.
enum AddClause {
    private static let keys = ["from", "mode", "owner"]
    private static let laterKeys = ["exclude", "template", "directory-mode", "dir-mode", "symlink", "link"]

    /// Reads the rules, in the file's order.
    static func read(_ node: YAMLNode, _ reading: inout PipelineReading) -> [AddRule] {
        guard case .mapping(let mapping) = node else {
            reading.yaml.noteKind(of: node, "add", wanted: "a map from destinations to sources")
            return []
        }
        return mapping.members.flatMap { rules($0, &reading) }
    }

    private static func rules(_ member: YAMLMapping.Member, _ reading: inout PipelineReading) -> [AddRule] {
        let sources: [YAMLNode]
        if case .sequence(let list) = member.value { sources = list.items } else { sources = [member.value] }
        guard let destination = Self.destination(member, &reading) else { return [] }
        let into = member.key.text.endsInSlash
        return sources.compactMap { rule($0, destination, into, &reading) }
    }

    private static func destination(
        _ member: YAMLMapping.Member, _ reading: inout PipelineReading
    ) -> TreePath? {
        let text = member.key.text
        guard text.isAbsolutePath else {
            var swap = "destinations are the keys, sources the values"
            if case .scalar(let value) = member.value, value.text.isAbsolutePath {
                swap = "destination first: \(value.text): \(text)"
            }
            reading.yaml.note(
                "the destination \"\(text)\" is no absolute path of the image", at: member.key.position,
                suggestion: swap)
            return nil
        }
        return reading.path(text, at: member.key.position)
    }

    private static func rule(
        _ node: YAMLNode, _ destination: TreePath, _ into: Bool, _ reading: inout PipelineReading
    ) -> AddRule? {
        guard case .mapping(let mapping) = node else {
            return ContentSourceClause.read(node, "a source", &reading).map {
                AddRule(destination: destination, intoDirectory: into, source: $0)
            }
        }
        _ = reading.yaml.record(node, "a source of add", keys: keys, later: laterKeys)
        let mode = mapping["mode"].flatMap { FileMode.read($0, &reading.yaml) }
        let owner = mapping["owner"].flatMap { FileOwner.read($0, &reading.yaml) } ?? .root
        guard let from = mapping["from"] else {
            reading.yaml.note("the source has no \"from\"", at: mapping.position)
            return nil
        }
        return ContentSourceClause.read(from, "from", &reading).map {
            AddRule(destination: destination, intoDirectory: into, source: $0, mode: mode, owner: owner)
        }
    }
}
