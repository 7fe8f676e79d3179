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
        let into = member.key.text.hasSuffix("/")
        return sources.compactMap { rule($0, destination, into, &reading) }
    }

    private static func destination(
        _ member: YAMLMapping.Member, _ reading: inout PipelineReading
    ) -> TreePath? {
        let text = member.key.text
        guard text.hasPrefix("/") else {
            var swap = "destinations are the keys, sources the values"
            if case .scalar(let value) = member.value, value.text.hasPrefix("/") {
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

/// `mode: "0644"`.
enum FileMode {
    /// Reads four octal digits, or five of which the first is 0.
    static func read(_ node: YAMLNode, _ yaml: inout YAMLReader) -> UInt16? {
        guard let text = yaml.text(node, "mode") else { return nil }
        let isOctal = text.utf8.allSatisfy { (0x30...0x37).contains($0) }
        let count = text.utf8.count
        if isOctal, count == 4 || (count == 5 && text.hasPrefix("0")), let mode = UInt16(text, radix: 8) {
            return mode
        }
        // 644 is a decimal number to some YAML readers and octal to others; only four digits leave no doubt.
        let meant = isOctal && count == 3 ? "0\(text)" : "0644"
        yaml.note(
            "mode is four octal digits, not \(text)", at: node.position, suggestion: "write mode: \"\(meant)\"")
        return nil
    }
}

/// `owner: "33:33"`.
enum FileOwner {
    /// Reads the numbers of a user and a group.
    static func read(_ node: YAMLNode, _ yaml: inout YAMLReader) -> Owner? {
        guard let text = yaml.text(node, "owner") else { return nil }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 2, let user = number(parts[0]), let group = number(parts[1]) {
            return Owner(user: user, group: group)
        }
        yaml.note(
            "owner is two numbers, USER:GROUP, not \"\(text)\"", at: node.position,
            suggestion: "names are not in this version; write owner: \"33:33\"")
        return nil
    }

    private static func number(_ text: Substring) -> UInt32? {
        // The highest number stands for "no user" in the kernel's calls.
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt32(text), number < .max else {
            return nil
        }
        return number
    }
}
