import BakeModel
import YAMLDocument

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
