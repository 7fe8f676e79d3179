import BakeModel
import YAMLDocument

/// `users:`, a map from names to what is said of each: `app: { uid: 1000, home: /srv/app }`.
enum UsersClause {
    private static let keys = ["uid", "gid", "groups", "home", "shell"]
    private static let laterKeys = ["password", "comment", "gecos", "system"]

    /// Reads the users, in the file's order.
    static func read(_ node: YAMLNode, _ reading: inout PipelineReading) -> [UserRule] {
        guard let mapping = reading.yaml.mapping(node, "users") else { return [] }
        return mapping.members.compactMap { user($0, &reading) }
    }

    private static func user(_ member: YAMLMapping.Member, _ reading: inout PipelineReading) -> UserRule? {
        let name = member.key.text
        guard UserRule.acceptsName(name) else {
            reading.yaml.note(
                "\"\(name)\" is no name for a user", at: member.key.position,
                suggestion: "lower-case letters, digits, - and _, at most 32, beginning with a letter")
            return nil
        }
        if case .scalar(let scalar) = member.value, scalar.isNull { return UserRule(name: name) }
        guard let clause = reading.yaml.record(member.value, "the user \(name)", keys: keys, later: laterKeys)
        else { return nil }
        let home = clause["home"].flatMap { Self.path($0, "home", &reading) }
        let shell = clause["shell"].flatMap { Self.path($0, "shell", &reading) }
        return UserRule(
            name: name, user: clause["uid"].flatMap { Self.number($0, "uid", &reading.yaml) },
            group: clause["gid"].flatMap { Self.number($0, "gid", &reading.yaml) },
            groups: clause["groups"].flatMap { reading.yaml.texts($0, "groups") } ?? [], home: home,
            shell: shell.map { "/\($0)" } ?? UserRule.noLogin)
    }

    /// Numbers from 1 to 65533: root is there already, and 65534 stands for nobody.
    private static func number(_ node: YAMLNode, _ what: String, _ yaml: inout YAMLReader) -> UInt32? {
        guard let number = yaml.integer(node, what) else { return nil }
        if (1...65533).contains(number) { return UInt32(number) }
        yaml.note("\(what) is a number from 1 to 65533, not \(number)", at: node.position)
        return nil
    }

    private static func path(_ node: YAMLNode, _ what: String, _ reading: inout PipelineReading) -> TreePath? {
        guard let text = reading.yaml.text(node, what) else { return nil }
        guard text.isAbsolutePath, !text.utf8.contains(where: { $0 == UInt8(ascii: ":") || $0 < 0x20 }) else {
            reading.yaml.note("\(what) is an absolute path without a colon, not \"\(text)\"", at: node.position)
            return nil
        }
        return reading.path(text, at: node.position)
    }
}
