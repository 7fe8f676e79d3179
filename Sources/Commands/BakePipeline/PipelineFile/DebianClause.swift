import BakeModel
import YAMLDocument

/// `debian: bookworm`, or `debian: { suite:, components:, mirror:, keyring: }`.
enum DebianClause {
    private static let keys = ["suite", "components", "mirror", "keyring"]
    private static let laterKeys = ["architecture", "arch", "snapshot", "variant"]

    /// Reads a suite and where its packages come from.
    static func read(_ node: YAMLNode, _ reading: inout PipelineReading) -> DebianSuite? {
        guard case .mapping(let mapping) = node else {
            return reading.yaml.text(node, "debian").flatMap { suite($0, at: node.position, &reading.yaml) }
                .map { DebianSuite($0) }
        }
        _ = reading.yaml.record(node, "debian", keys: keys, later: laterKeys)
        let components = mapping["components"].map { Self.components($0, &reading.yaml) } ?? []
        let mirrors = mapping["mirror"].map { Self.mirrors($0, &reading.yaml) } ?? []
        let keyring = mapping["keyring"].flatMap { Self.keyring($0, &reading) }
        if let node = mapping["keyring"], mapping["mirror"] == nil {
            reading.yaml.note(
                "a keyring says who signs a mirror, and none is named", at: node.position,
                suggestion: "name it: mirror: https://…; without, this machine's own sources and keys are used")
        }
        guard let named = mapping["suite"] else {
            reading.yaml.note("debian has no \"suite\"", at: mapping.position, suggestion: "suite: bookworm")
            return nil
        }
        return reading.yaml.text(named, "suite").flatMap { suite($0, at: named.position, &reading.yaml) }.map {
            DebianSuite($0, components: components, mirrors: mirrors, keyring: keyring)
        }
    }

    /// Any name passes: a mirror may serve suites of its own. One letter off is taken for a mistake.
    private static func suite(_ text: String, at position: SourcePosition, _ yaml: inout YAMLReader) -> String? {
        if NameGrammar.accepts(text) { return text }
        yaml.note(
            "\"\(text)\" is no Debian suite", at: position,
            suggestion: Spelling.suggestion(for: text.lowercased(), in: DebianSuite.known)
                ?? "suites have names, such as bookworm")
        return nil
    }

    private static func components(_ node: YAMLNode, _ yaml: inout YAMLReader) -> [String] {
        guard let items = yaml.items(node, "components") else { return [] }
        if items.isEmpty { yaml.note("components is empty", at: node.position, suggestion: "components: [main]") }
        return items.compactMap { item in
            guard let text = yaml.text(item, "a component") else { return nil }
            if DebianGrammar.isComponent(text) { return text }
            yaml.note(
                "\"\(text)\" is no component of an archive", at: item.position, suggestion: "as in main and contrib")
            return nil
        }
    }

    /// One address, or a list.
    private static func mirrors(_ node: YAMLNode, _ yaml: inout YAMLReader) -> [DebianMirrorAddress] {
        var nodes = [node]
        if case .sequence(let list) = node { nodes = list.items }
        if nodes.isEmpty { yaml.note("mirror is an empty list", at: node.position) }
        return nodes.compactMap { node in
            guard let text = yaml.text(node, "a mirror") else { return nil }
            if let address = DebianMirrorAddress(text) { return address }
            yaml.note(
                "\"\(text)\" is no address of an archive", at: node.position,
                suggestion: "http://, https:// or file:/, without a password; a suite of its own may stand behind it: "
                    + "\"https://deb.example/debian-security bookworm-security\"")
            return nil
        }
    }

    private static func keyring(_ node: YAMLNode, _ reading: inout PipelineReading) -> DebianKeyring? {
        guard let text = reading.yaml.text(node, "keyring") else { return nil }
        guard let path = reading.path(text, at: node.position) else { return nil }
        guard !path.isRoot else {
            reading.yaml.note("keyring names no file", at: node.position)
            return nil
        }
        return text.isAbsolutePath ? .machine("/\(path)") : .commit(path)
    }
}
