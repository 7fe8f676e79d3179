import BakeModel

/// A manifest or an index as stored, with every blob that it names. OCI image-spec `manifest.md`, `image-index.md`.
struct ManifestDocument {
    /// Why a document cannot be used.
    struct Fault: Error {
        let kind: StoreFinding.Kind
        let explanation: String
    }

    /// The manifests of an index; empty for a manifest.
    let manifests: [ContentDescriptor]
    /// The configuration; nil for an index.
    let configuration: ContentDescriptor?
    /// The layers; empty for an index.
    let layers: [ContentDescriptor]
    /// What the manifest is about. It need not be there, says the specification.
    let subject: ContentDescriptor?

    /// Docker's schema 2 has the same members.
    private static let manifestTypes: Set = [
        MediaType.manifest, "application/vnd.docker.distribution.manifest.v2+json",
    ]
    private static let indexTypes: Set = [
        MediaType.index, "application/vnd.docker.distribution.manifest.list.v2+json",
    ]

    /// Whether content of this type is such a document.
    static func isDocument(_ mediaType: String) -> Bool {
        manifestTypes.contains(mediaType) || indexTypes.contains(mediaType)
    }

    /// Reads a document that is named as `mediaType`.
    init(parsing bytes: [UInt8], as mediaType: String) throws(Fault) {
        guard let json = try? JSON(parsing: bytes), json.members != nil else {
            throw Fault(kind: .malformed, explanation: "it is no JSON object")
        }
        // A document that is both means different images to different readers (CVE-2021-41190).
        if json["manifests"] != nil, json["layers"] != nil || json["config"] != nil {
            throw Fault(kind: .malformed, explanation: "it is a manifest and an index at once")
        }
        if let own = json["mediaType"], own.string != mediaType {
            throw Fault(
                kind: .wrongType, explanation: "it says it is \(own.string ?? "no text"), it is named as \(mediaType)")
        }
        let isIndex = Self.indexTypes.contains(mediaType)
        manifests = isIndex ? try Self.list("manifests", of: json) : []
        layers = isIndex ? [] : try Self.list("layers", of: json)
        configuration = isIndex ? nil : try Self.one("config", of: json)
        subject = try Self.one("subject", of: json, isOptional: true)
    }

    private static func list(_ key: String, of json: JSON) throws(Fault) -> [ContentDescriptor] {
        guard let items = json[key]?.items else {
            throw Fault(kind: .malformed, explanation: "it has no list of \(key)")
        }
        let descriptors = items.compactMap(ContentDescriptor.init)
        guard descriptors.count == items.count else {
            throw Fault(kind: .malformed, explanation: "one of its \(key) is no descriptor with a SHA-256")
        }
        return descriptors
    }

    private static func one(_ key: String, of json: JSON, isOptional: Bool = false) throws(Fault) -> ContentDescriptor?
    {
        guard let value = json[key] else {
            if isOptional { return nil }
            throw Fault(kind: .malformed, explanation: "it has no \(key)")
        }
        guard let descriptor = ContentDescriptor(value) else {
            throw Fault(kind: .malformed, explanation: "its \(key) is no descriptor with a SHA-256")
        }
        return descriptor
    }
}
