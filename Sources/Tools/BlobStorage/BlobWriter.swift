import BakeModel
import Glibc
import LinuxSystem

/// A blob that is being written, by one thread. It appears in the store when it is committed, whole and under its
/// digest, or never.
public final class BlobWriter {
    private let store: BlobStore
    private let temporary: TemporaryFile
    private var hasher = DigestHasher()
    private var size: UInt64 = 0
    // Somebody else may have written: what was hashed here says nothing about the file.
    private var isShared = false

    init(store: BlobStore) throws {
        self.store = store
        temporary = try TemporaryFile(in: store.temporary, sharing: store.sharing)
    }

    /// The open file, for a helper process that writes into it. Once asked for, `commit(claimed:)` reads everything back. All
    /// who write must have ended before the commit.
    public var descriptor: Descriptor {
        isShared = true
        return temporary.file
    }

    /// Appends bytes.
    /// - Throws: `SystemError`; the blob is lost then.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
        try temporary.file.write(bytes)
        hasher.update(bytes)
        size += UInt64(bytes.count)
    }

    /// Appends bytes.
    /// - Throws: `SystemError`; the blob is lost then.
    public func write(_ bytes: some Collection<UInt8>) throws(SystemError) {
        try temporary.file.write(bytes)
        hasher.update(bytes)
        size += UInt64(bytes.count)
    }

    /// Makes the blob appear, on the disk when this returns. A writer commits once.
    /// - Parameters:
    ///   - claimed: the digest that the bytes must have, where it is known.
    ///   - size: how many bytes there must be, where it is known.
    ///   - isReplacing: whether a file that has the name already is known to be damaged.
    /// - Returns: the digest of the bytes, which is the blob's name.
    /// - Throws: `StoreError.unexpectedDigest`, `.unexpectedSize`, `SystemError`; the store is unchanged then.
    public func commit(claimed: Digest? = nil, size: UInt64? = nil, isReplacing: Bool = false) throws -> Digest {
        let (digest, found) = try measure()
        if let size, size != found { throw StoreError.unexpectedSize(claimed: size, found: found) }
        if let claimed, claimed != digest { throw StoreError.unexpectedDigest(claimed: claimed, found: digest) }
        try settle(digest, size: found, isReplacing: isReplacing)
        return digest
    }

    /// Makes the blob appear, as `commit` does, where this very process wrote every byte of it into `descriptor` and hashed
    /// what it wrote: nothing is read back.
    /// - Throws: `StoreError.unexpectedSize`, `SystemError`; the store is unchanged then.
    public func commit(written digest: Digest, size: UInt64) throws {
        let found = UInt64(try temporary.file.status().st_size)
        guard size == found else { throw StoreError.unexpectedSize(claimed: size, found: found) }
        try settle(digest, size: size, isReplacing: false)
    }

    private func settle(_ digest: Digest, size: UInt64, isReplacing: Bool) throws {
        try SystemError.check("set the mode of", temporary.path) {
            fchmod(temporary.file.number, store.sharing.fileMode(0o444))
        }
        let location = store.location(of: digest)
        // A file that has the name but not the size is damaged: the good bytes take its place.
        if try !temporary.moveIfFree(to: location), isReplacing || (try? store.size(digest)) != size {
            try temporary.replace(location)
        }
    }

    private func measure() throws -> (Digest, UInt64) {
        var finished = DigestHasher()
        swap(&finished, &hasher)
        let length = UInt64(try temporary.file.status().st_size)
        guard isShared || length != size else { return (finished.finish(), size) }
        return try BlobStream.measure(temporary.file)
    }
}

extension BlobStore {
    /// Starts a blob.
    public func newBlob() throws -> BlobWriter { try BlobWriter(store: self) }

    /// Stores a small document, on the disk when this returns.
    /// - Returns: its digest.
    public func put(_ bytes: some Collection<UInt8>) throws -> Digest {
        let digest = Digest.of(bytes)
        if contains(digest), try size(digest) == bytes.count {
            // Whoever wrote it may not have come to making its name durable yet.
            try DurableFile.synchronizeDirectory(of: location(of: digest))
            return digest
        }
        let writer = try newBlob()
        try writer.write(bytes)
        return try writer.commit()
    }
}
