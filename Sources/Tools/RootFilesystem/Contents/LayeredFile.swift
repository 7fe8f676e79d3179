import BakeModel
import BlobStorage
import TarArchive

/// A regular file of an image, whose bytes are read out of its layer without those before it, where the layer's members
/// are known.
public struct LayeredFile {
    /// Its kind, mode, owner and attributes.
    public let entry: TreeEntry
    /// The digest of its bytes; nil where only those of the members are known, which prove them as well.
    let digest: Digest?
    let range: Range<UInt64>
    let contents: LayerContents
    let store: BlobStore

    /// How many bytes it has.
    public var size: UInt64 { range.upperBound - range.lowerBound }

    /// Gives the bytes in pieces. They are proved when this returns, not before.
    /// - Returns: their digest.
    /// - Throws: `StoreError.corrupted` where the bytes are not the file's; `ArchiveReadError`; `StoreError`.
    @discardableResult
    public func read(each: (UnsafeRawBufferPointer) throws -> Void) throws -> Digest {
        var hasher = DigestHasher()
        try store.reading(contents.layer) { file in
            try TarExcerpt(range, of: file, in: contents.members).read { piece in
                hasher.update(piece)
                try each(piece)
            }
        }
        let found = hasher.finish()
        guard found == digest ?? found else { throw StoreError.corrupted(contents.layer.blob, found: found) }
        return found
    }
}
