import BakeModel
import YAMLDocument

/// `import:` of a file or directory (a tarball, `oci:`, `oci-archive:`, `docker-archive:`) or of a registry (`docker://`).
enum ImportClause {
    /// A form that names an image in something: `PREFIX PATH[:REFERENCE]`.
    private static let forms: [(prefix: String, source: @Sendable (ImportLocation, String?) -> ImportSource)] = [
        ("oci:", { .layout($0, reference: $1) }), ("oci-archive:", { .layoutArchive($0, reference: $1) }),
        ("docker-archive:", { .dockerArchive($0, reference: $1) }),
    ]
    /// What skopeo reads besides.
    private static let foreignPrefixes = ["docker-daemon:", "containers-storage:", "dir:"]

    /// Reads where a root comes from.
    static func read(
        _ text: String, at position: SourcePosition, _ reading: inout PipelineReading
    ) -> ImportSource? {
        if ["docker:", "docker+"].contains(where: text.hasPrefix) { return image(text, at: position, &reading) }
        for form in forms where text.hasPrefix(form.prefix) {
            return archive(text.dropFirst(form.prefix.count), form.source, at: position, &reading)
        }
        guard isTaken(text, at: position, &reading) else { return nil }
        return location(text, at: position, &reading).map(ImportSource.tarball)
    }

    private static func isTaken(_ text: String, at position: SourcePosition, _ reading: inout PipelineReading) -> Bool {
        if let prefix = foreignPrefixes.first(where: text.hasPrefix) {
            reading.yaml.note(
                "to import from \(prefix) is not in this version", at: position,
                suggestion: "copy it beside the pipeline: skopeo copy \(prefix)… oci:DIRECTORY:TAG")
            return false
        }
        if ["http:", "https:"].contains(where: text.hasPrefix) {
            reading.yaml.note(
                "an import comes from a file or a registry, not from an address", at: position,
                suggestion:
                    "a registry's image is docker://HOST/NAME:TAG; a tarball is a file that was downloaded before"
            )
            return false
        }
        return true
    }

    private static func image(
        _ text: String, at position: SourcePosition, _ reading: inout PipelineReading
    ) -> ImportSource? {
        do throws(RegistryReferenceFault) {
            return .registry(try RegistryReference(parsing: text))
        } catch {
            reading.yaml.note(
                "\"\(text)\" names no image in a registry: \(error.explanation)", at: position,
                suggestion: "docker://debian:bookworm-slim or docker://HOST:PORT/NAME:TAG")
            return nil
        }
    }

    private static func archive(
        _ text: Substring, _ source: (ImportLocation, String?) -> ImportSource, at position: SourcePosition,
        _ reading: inout PipelineReading
    ) -> ImportSource? {
        guard let parts = text.partsAtColon else {
            return location(text, at: position, &reading).map { source($0, nil) }
        }
        guard !parts.after.isEmpty else {
            reading.yaml.note("the reference after the colon is empty", at: position)
            return nil
        }
        return location(parts.before, at: position, &reading).map { source($0, String(parts.after)) }
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
