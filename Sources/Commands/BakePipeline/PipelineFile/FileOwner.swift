import BakeModel
import YAMLDocument

/// `owner: app`, `owner: app:www-data`, `owner: "33:33"`.
enum FileOwner {
    /// Reads a user and, after a colon, a group; each a name of the root or a number.
    static func read(_ node: YAMLNode, _ yaml: inout YAMLReader) -> OwnerName? {
        guard let text = yaml.text(node, "owner") else { return nil }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, parts.allSatisfy({ isNumber($0) || UserRule.acceptsName($0) }) else {
            yaml.note(
                "owner is USER or USER:GROUP, by name or number, not \"\(text)\"", at: node.position,
                suggestion: "write owner: app, or owner: \"33:33\"")
            return nil
        }
        // A bare number has a group of the same number: it may have no line in passwd that says another.
        let group = parts.count == 2 ? parts[1] : isNumber(parts[0]) ? parts[0] : nil
        return OwnerName(user: parts[0], group: group)
    }

    private static func isNumber(_ text: String) -> Bool {
        // The highest number stands for "no user" in the kernel's calls.
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } && UInt32(text).map { $0 < .max } == true
    }
}
