import BakeModel
import YAMLDocument

/// `args:` and `secrets:`, of the pipeline for all its commands, or of a stage for its own.
enum ArgumentsClause {
    /// Reads the values that whoever bakes may set, and what they are when nobody does.
    static func arguments(_ node: YAMLNode, _ yaml: inout YAMLReader) -> [String: String] {
        guard let mapping = yaml.mapping(node, "args") else { return [:] }
        var arguments: [String: String] = [:]
        for member in mapping.members where isName(member.key.text, "an argument", at: member.key.position, &yaml) {
            if case .scalar(let value) = member.value, value.isNull {
                yaml.note(
                    "the argument \(member.key.text) has no value for when nobody sets it", at: member.key.position,
                    suggestion: "\(member.key.text): \"\"")
            } else {
                arguments[member.key.text] = yaml.text(member.value, "the argument \(member.key.text)")
            }
        }
        return arguments
    }

    /// Reads the names of secrets.
    static func secrets(_ node: YAMLNode, _ yaml: inout YAMLReader) -> [String] {
        guard let items = yaml.items(node, "secrets") else { return [] }
        return items.compactMap { item in
            guard let text = yaml.text(item, "a secret") else { return nil }
            return isName(text, "a secret", at: item.position, &yaml) ? text : nil
        }
    }

    /// Names of variables that every shell takes: POSIX, Base Definitions, 8.1.
    private static func isName(
        _ text: String, _ what: String, at position: SourcePosition, _ yaml: inout YAMLReader
    ) -> Bool {
        let isLetter: (UInt8) -> Bool = { (0x61...0x7a).contains($0 | 0x20) || $0 == 0x5f }
        let first = text.utf8.first.map(isLetter) ?? false
        if first, text.utf8.allSatisfy({ isLetter($0) || (0x30...0x39).contains($0) }) { return true }
        yaml.note(
            "\"\(text)\" is no name for \(what)", at: position, suggestion: "letters, digits and _, as in VERSION")
        return false
    }
}
