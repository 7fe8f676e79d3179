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
        let parts = text.dropFirst(4).split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let reference = parts.count == 2 ? String(parts[1]) : nil
        guard reference != "" else {
            reading.yaml.note("the reference after the last colon is empty", at: position)
            return nil
        }
        return location(parts[0], at: position, &reading).map { .layout($0, reference: reference) }
    }

    private static func location(
        _ text: some StringProtocol, at position: SourcePosition, _ reading: inout PipelineReading
    ) -> ImportLocation? {
        guard let path = reading.path(text, at: position) else { return nil }
        guard !path.isRoot else {
            reading.yaml.note("import names no file", at: position)
            return nil
        }
        return text.hasPrefix("/") ? .machine("/\(path)") : .commit(path)
    }
}
