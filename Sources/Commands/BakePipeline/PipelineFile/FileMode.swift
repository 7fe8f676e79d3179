import BakeModel
import YAMLDocument

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
