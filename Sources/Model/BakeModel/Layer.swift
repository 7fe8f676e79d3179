/// A layer as stored: a tar in gzip, known by the digest of what is stored and of the tar within.
public struct Layer: Hashable, Sendable {
    /// The digest of the compressed bytes, the blob's name.
    public let blob: Digest
    /// How many compressed bytes there are.
    public let size: UInt64
    /// The digest of the tar.
    public let diffID: DiffID
    /// How many bytes the tar has.
    public let tarSize: UInt64

    /// The media type of every layer that bake writes (OCI image specification).
    public static let mediaType = "application/vnd.oci.image.layer.v1.tar+gzip"

    /// Describes a stored layer.
    public init(blob: Digest, size: UInt64, diffID: DiffID, tarSize: UInt64) {
        self.blob = blob
        self.size = size
        self.diffID = diffID
        self.tarSize = tarSize
    }
}

/// The digest of a layer's uncompressed tar: the same for every encoder.
public struct DiffID: Hashable, Sendable, CustomStringConvertible {
    /// The digest.
    public let digest: Digest
    /// Takes the digest of an uncompressed tar.
    public init(_ digest: Digest) { self.digest = digest }
    public var description: String { digest.description }
}
