import BakeModel
import YAMLDocument

/// `import: PATH` (a tarball) and `import: oci:PATH[:REFERENCE]` (an OCI image layout).
enum ImportClause {
    private static let laterPrefixes = [
        "docker:", "docker-archive:", "docker-daemon:", "oci-archive:", "containers-storage:", "dir:", "http:",
        "https:",
    ]

    /// Reads where a root comes from.
    static func read(
        _ text: String, at position: SourcePosition, _ reading: inout PipelineReading
    ) -> ImportSource? {
        if let prefix = laterPrefixes.first(where: { text.hasPrefix($0) }) {
            reading.yaml.note(
                "to import from \(prefix) is not in this version", at: position,
                suggestion: "copy it beside the pipeline: skopeo copy SOURCE oci:DIRECTORY:TAG")
            return nil
        }
        guard text.hasPrefix("oci:") else {
            return location(text, at: position, &reading).map(ImportSource.tarball)
        }
        let layout = String(text.dropFirst(4))
        guard let parts = layout.partsAtColon else {
            return location(layout, at: position, &reading).map { .layout($0, reference: nil) }
        }
        guard !parts.after.isEmpty else {
            reading.yaml.note("the reference after the colon is empty", at: position)
            return nil
        }
        return location(parts.before, at: position, &reading).map { .layout($0, reference: String(parts.after)) }
    }

    private static func location(
        _ text: some StringProtocol, at position: SourcePosition, _ reading: inout PipelineReading
    ) -> ImportLocation? {
        guard let path = reading.path(text, at: position) else { return nil }
        guard !path.isRoot else {
            reading.yaml.note("import names no file", at: position)
            return nil
        }
        return text.isAbsolutePath ? .machine("/\(path)") : .commit(path)
    }
}
