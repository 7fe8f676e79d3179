import BakeModel

/// What an archive turned out to be, read to its verified end.
public struct ArchiveSummary: Hashable, Sendable {
    /// The digest of the bytes as stored.
    public let blob: Digest
    /// How many bytes are stored.
    public let size: UInt64
    /// The digest of the tar.
    public let diffID: DiffID
    /// How many bytes the tar has, with what follows its end.
    public let tarSize: UInt64
    /// How many entries were given away.
    public let entries: Int
    /// How many device nodes were passed over.
    public let skipped: Int
    /// The members in which the tar is stored, for `TarExcerpt`; empty where they were not asked for, and where not every
    /// one says how long it is.
    public let members: [StoredMember]

    /// The archive as a layer. True to `Layer.mediaType` only where it is stored in gzip.
    public var layer: Layer { Layer(blob: blob, size: size, diffID: diffID, tarSize: tarSize) }

    /// Throws `otherDigest` unless this is that layer to the byte. The tar's length follows from its digest, and an image
    /// that was read back from its documents does not know it.
    public func check(is expected: Layer) throws(ArchiveReadError) {
        guard blob == expected.blob, size == expected.size, diffID == expected.diffID else {
            throw ArchiveReadError(.otherDigest, expected.blob.description)
        }
    }
}
