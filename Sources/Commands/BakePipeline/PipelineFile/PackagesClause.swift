import BakeModel
import YAMLDocument

/// `packages:`, names of Debian packages and `.deb` files of the commit.
struct PackagesClause {
    /// The names, in the file's order.
    private(set) var names: [String] = []
    /// The files, in the file's order.
    private(set) var files: [TreePath] = []
    private var seen: Set<String> = []

    /// Reads the list.
    init(_ node: YAMLNode, _ reading: inout PipelineReading) {
        for item in reading.yaml.items(node, "packages") ?? [] {
            guard let text = reading.yaml.text(item, "a package") else { continue }
            if text.utf8.contains(UInt8(ascii: "/")) || text.hasSuffix(".deb") {
                file(text, at: item.position, &reading)
            } else {
                name(text, at: item.position, &reading.yaml)
            }
        }
    }

    private mutating func name(_ text: String, at position: SourcePosition, _ yaml: inout YAMLReader) {
        if !DebianGrammar.isPackageName(text) {
            yaml.note(
                "\"\(text)\" is no name of a Debian package", at: position,
                suggestion: "the lock pins versions: write the name alone, as in nginx-light")
        } else if !seen.insert(text).inserted {
            yaml.note("the package \(text) stands twice", at: position)
        } else {
            names.append(text)
        }
    }

    private mutating func file(_ text: String, at position: SourcePosition, _ reading: inout PipelineReading) {
        if let parts = text.partsAtColon, reading.declares(String(parts.before)) {
            return reading.yaml.note(
                "\"\(text)\" is made by a stage: what it needs is not known when the lock is written", at: position,
                suggestion: "commit the .deb and write ./NAME.deb, or install it by run: dpkg -i")
        }
        guard text.utf8.contains(UInt8(ascii: "/")), !text.isAbsolutePath else {
            let name = text.split(separator: "/").last.map(String.init) ?? text
            return reading.yaml.note(
                "\"\(text)\" is no path of the commit", at: position, suggestion: "a .deb of the commit: ./\(name)")
        }
        guard text.hasSuffix(".deb") else {
            return reading.yaml.note(
                "\"\(text)\" is no .deb file", at: position, suggestion: "names of packages have no slash")
        }
        guard let path = reading.path(text, at: position) else { return }
        if files.contains(path) { return reading.yaml.note("the package \(text) stands twice", at: position) }
        files.append(path)
    }
}
