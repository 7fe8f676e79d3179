import BakeModel
import YAMLDocument

/// `env:` of `config:`, a map of names and values or a list of `NAME=value`.
enum EnvironmentClause {
    /// Reads the variables, in the file's order.
    static func read(_ node: YAMLNode, _ yaml: inout YAMLReader) -> [String] {
        if case .mapping(let mapping) = node { return mapping.members.compactMap { variable($0, &yaml) } }
        guard case .sequence(let list) = node else {
            yaml.noteKind(of: node, "env", wanted: "a map of names and values")
            return []
        }
        return list.items.compactMap { variable($0, &yaml) }
    }

    private static func variable(_ member: YAMLMapping.Member, _ yaml: inout YAMLReader) -> String? {
        guard accepts(name: member.key.text, at: member.key.position, &yaml) else { return nil }
        return yaml.text(member.value, "the variable \(member.key.text)").map { "\(member.key.text)=\($0)" }
    }

    private static func variable(_ item: YAMLNode, _ yaml: inout YAMLReader) -> String? {
        guard let text = yaml.text(item, "a variable") else { return nil }
        guard let end = text.utf8.firstIndex(of: UInt8(ascii: "=")) else {
            yaml.note("\"\(text)\" has no value", at: item.position, suggestion: "write \(text)=value")
            return nil
        }
        return accepts(name: String(text[..<end]), at: item.position, &yaml) ? text : nil
    }

    private static func accepts(name: String, at position: SourcePosition, _ yaml: inout YAMLReader) -> Bool {
        if !name.isEmpty, !name.utf8.contains(UInt8(ascii: "=")) { return true }
        yaml.note("\"\(name)\" is no name of a variable", at: position)
        return false
    }
}
