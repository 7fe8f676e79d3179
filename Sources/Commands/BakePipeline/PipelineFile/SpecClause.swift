import BakeModel
import YAMLDocument

/// `spec:`, a file beside the pipeline file or the checks themselves.
enum SpecClause {
    /// Reads where the checks stand.
    static func read(_ node: YAMLNode, beside file: TreePath, _ yaml: inout YAMLReader) -> SpecSource? {
        if case .mapping = node { return .inline(yaml: node.text) }
        guard let text = yaml.text(node, "spec") else { return nil }
        let isAbsolute = text.isAbsolutePath
        let isSpec = [".yaml", ".yml", ".json"].contains { text.hasSuffix($0) }
        if !isAbsolute, isSpec, let path = try? TreePath(cleaning: text) { return .file(file.parent.appending(path)) }
        yaml.note(
            "spec is a YAML file of the commit beside the pipeline file, not \"\(text)\"", at: node.position,
            suggestion: "as in spec: goss.yaml")
        return nil
    }
}
