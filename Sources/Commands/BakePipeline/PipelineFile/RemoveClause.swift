import BakeModel
import YAMLDocument

/// `remove:`, absolute paths or patterns of the image.
enum RemoveClause {
    /// Reads the patterns, without their slash.
    static func read(_ node: YAMLNode, _ reading: inout PipelineReading) -> [String] {
        let items: [YAMLNode] = if case .sequence(let list) = node { list.items } else { [node] }
        return items.compactMap { pattern($0, &reading) }
    }

    private static func pattern(_ node: YAMLNode, _ reading: inout PipelineReading) -> String? {
        guard let text = reading.yaml.text(node, "a path of remove") else { return nil }
        guard text.isAbsolutePath else {
            reading.yaml.note(
                "\"\(text)\" is no absolute path of the image", at: node.position, suggestion: "write \"/\(text)\"")
            return nil
        }
        guard let path = reading.path(text, at: node.position) else { return nil }
        guard !path.isRoot else {
            reading.yaml.note("remove would take the whole root", at: node.position, suggestion: "from: scratch")
            return nil
        }
        return path.description
    }
}
