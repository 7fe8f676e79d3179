import BakeModel

/// What one document says about another: type, digest and size. OCI image-spec `descriptor.md`.
public struct ContentDescriptor: Hashable, Sendable {
    /// What the content is, `application/vnd.oci.image.manifest.v1+json`.
    public let mediaType: String
    /// The content's name.
    public let digest: Digest
    /// How many bytes it has.
    public let size: UInt64
    /// What kind of artifact it is, where it is one.
    public let artifactType: String?
    /// Remarks by key.
    public let annotations: [String: String]

    /// The annotation that gives a manifest its name in an index.
    public static let referenceKey = "org.opencontainers.image.ref.name"

    /// Describes content.
    public init(
        mediaType: String, digest: Digest, size: UInt64, artifactType: String? = nil,
        annotations: [String: String] = [:]
    ) {
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
        self.artifactType = artifactType
        self.annotations = annotations
    }

    /// The descriptor as documents have it.
    public var json: JSON {
        .record([
            "mediaType": .string(mediaType), "digest": .string(digest.description),
            "size": .number(Int64(clamping: size)),
            "artifactType": artifactType.map(JSON.string),
            "annotations": annotations.isEmpty ? nil : .object(annotations.mapValues(JSON.string)),
        ])
    }

    /// Reads a descriptor; nil where a member is missing or malformed, or the digest is no SHA-256. Members that bake
    /// does not know (`platform`, `urls`, `data`) are passed over.
    public init?(_ json: JSON) {
        guard let mediaType = json["mediaType"]?.string, let digest = json["digest"]?.string.flatMap({ Digest($0) }),
            let size = json["size"]?.number.flatMap({ UInt64(exactly: $0) })
        else { return nil }
        self.init(
            mediaType: mediaType, digest: digest, size: size, artifactType: json["artifactType"]?.string,
            annotations: json["annotations"]?.members?.compactMapValues(\.string) ?? [:])
    }
}

/// The media types of the documents that bake reads. OCI image-spec `media-types.md`.
public enum MediaType {
    /// The manifest of an image or artifact.
    public static let manifest = "application/vnd.oci.image.manifest.v1+json"
    /// An index of manifests.
    public static let index = "application/vnd.oci.image.index.v1+json"
    /// The configuration of an image.
    public static let configuration = "application/vnd.oci.image.config.v1+json"
    /// The configuration of an artifact that has none: the document `{}`.
    public static let empty = "application/vnd.oci.empty.v1+json"
    /// What bake knows about a generation: pipeline, lock, spec, verdict.
    public static let evidence = "application/vnd.bake.evidence.v1"
}
