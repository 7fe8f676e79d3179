/// A statement about an image, as an OCI artifact of its own that points at the image.
public struct StatementFacts: Hashable, Sendable {
    /// What it states.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// How the image was made: SLSA provenance.
        case provenance
        /// What its spec found: an in-toto test result.
        case verdict
        /// Whether it came out the same when it was baked again: an in-toto test result.
        case rebake
        /// What is in it: an SPDX document.
        case sbom
        /// That it met a policy: SLSA verification summary.
        case vsa
        /// How long the ledger was, and the root of its tree: C2SP tlog-checkpoint.
        case checkpoint
    }

    /// What it states.
    public let kind: Kind
    /// The media type of the document: an envelope, or the bare statement where nobody signed it.
    public let mediaType: String
    /// The document.
    public let document: Digest
    /// The artifact's manifest.
    public let artifact: Digest
    /// The bytes of the manifest.
    public let artifactSize: UInt64
    /// The key that signed; nil where none did.
    public let key: String?

    /// Describes a statement.
    public init(
        kind: Kind, mediaType: String, document: Digest, artifact: Digest, artifactSize: UInt64, key: String?
    ) {
        self.kind = kind
        self.mediaType = mediaType
        self.document = document
        self.artifact = artifact
        self.artifactSize = artifactSize
        self.key = key
    }

    /// The record's members.
    public var json: JSON {
        .record([
            "kind": .string(kind.rawValue), "type": .string(mediaType), "document": .string(document.description),
            "artifact": .string(artifact.description), "artifact-size": .number(Int64(clamping: artifactSize)),
            "key": key.map(JSON.string),
        ])
    }

    /// Reads what `json` wrote; nil where a member is missing or malformed.
    public init?(_ json: JSON) {
        guard let kind = json["kind"]?.string.flatMap(Kind.init), let mediaType = json["type"]?.string,
            let document = json["document"]?.namedDigest, let artifact = json["artifact"]?.namedDigest,
            let size = json["artifact-size"]?.size, let key = json.optional("key", \.string)
        else { return nil }
        self.init(
            kind: kind, mediaType: mediaType, document: document, artifact: artifact, artifactSize: size, key: key)
    }
}
