import BakeModel
import LedgerDatabase

/// An artifact whose `subject` is an image. OCI distribution specification 1.1, "Listing Referrers".
public struct Referrer: Hashable, Sendable {
    /// What the store's index calls it, `web@42.provenance`.
    public let name: String
    /// Its manifest.
    public let artifact: Digest
    /// The bytes of the manifest.
    public let size: UInt64
    /// What kind of artifact it is.
    public let type: String

    /// The kind of the artifact with pipeline, lock, spec and verdict.
    static let documentsType = "application/vnd.bake.evidence.v1"

    init(name: String, artifact: Digest, size: UInt64, type: String) {
        self.name = name
        self.artifact = artifact
        self.size = size
        self.type = type
    }

    init(_ statement: StatementFacts, name: String) {
        self.init(name: name, artifact: statement.artifact, size: statement.artifactSize, type: statement.mediaType)
    }

    private init(_ row: LedgerRow) throws {
        guard let artifact = Digest(try row.text("artifact")) else {
            throw LedgerError.falseView("the view evidence", detail: "a row cannot be read")
        }
        self.init(
            name: try row.text("name"), artifact: artifact, size: UInt64(clamping: try row.integer("size")),
            type: try row.text("type"))
    }

    static func all(about image: Digest, in transaction: ViewTransaction) throws -> [Referrer] {
        try transaction.rows(
            "SELECT * FROM referrers WHERE image = ? ORDER BY entry, place", [.text(image.description)]
        ).map(Referrer.init)
    }

    static func all(after first: Int64, through last: Int64, in transaction: ViewTransaction) throws -> [Referrer] {
        try transaction.rows(
            "SELECT * FROM referrers WHERE entry > ? AND entry <= ? ORDER BY entry, place",
            [.integer(first), .integer(last)]
        ).map(Referrer.init)
    }

    /// The document behind an image's fallback tag: for registries and layouts that cannot be asked for referrers.
    static func index(of referrers: [Referrer]) -> JSON {
        var seen: Set<Digest> = []
        return [
            "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json",
            "manifests": .array(
                referrers.filter { seen.insert($0.artifact).inserted }.map {
                    [
                        "mediaType": "application/vnd.oci.image.manifest.v1+json",
                        "digest": .string($0.artifact.description), "size": .number(Int64(clamping: $0.size)),
                        "artifactType": .string($0.type),
                    ]
                }),
        ]
    }
}

/// The index behind an image's fallback tag.
public struct ReferrerIndex: Hashable, Sendable {
    /// The image that it is about.
    public let image: Digest
    /// The index's digest.
    public let digest: Digest
    /// Its bytes.
    public let size: UInt64

    /// The tag: the image's digest with a hyphen for the colon.
    public var tag: String { "sha256-\(image.hex)" }
}
