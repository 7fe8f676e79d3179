import BakeModel
import Glibc
import LinuxSystem

/// Files that are hashed while they stream by, without a limit to their length.
enum BlobStream {
    /// The digest and the length of a whole open file, wherever its position is; the position stays.
    static func measure(_ file: Descriptor) throws(SystemError) -> (Digest, UInt64) {
        let capacity = 1 << 20
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
        defer { buffer.deallocate() }
        var hasher = DigestHasher()
        var offset = 0
        while true {
            let count = try SystemError.check("read", file.describedPath) {
                pread(file.number, buffer.baseAddress, capacity, offset)
            }
            if count == 0 { break }
            hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            offset += count
        }
        return (hasher.finish(), UInt64(offset))
    }
}

extension BlobStore {
    /// Reads a whole blob, and makes sure that its bytes hash to its name.
    /// - Parameter limit: a blob of more bytes is refused before it is read.
    /// - Throws: `StoreError.missing`, `.tooLong`, `.corrupted`, `.damaged`; `SystemError`.
    public func read(_ digest: Digest, limit: Int) throws -> [UInt8] {
        let file = try open(digest)
        let size = UInt64(try file.status().st_size)
        guard size <= UInt64(clamping: limit) else { throw StoreError.tooLong(digest, size: size, limit: limit) }
        let bytes = try file.readAll(limit: limit)
        let found = Digest.of(bytes)
        guard found == digest else { throw StoreError.corrupted(digest, found: found) }
        return bytes
    }

    /// Opens a blob for a reader that streams. **The bytes are not verified**: the reader hashes them while they pass
    /// and believes nothing before the digest agrees, or calls `verify` first.
    /// - Throws: `StoreError.missing`, `.damaged`; `SystemError`.
    public func open(_ digest: Digest) throws -> Descriptor {
        let file: Descriptor
        do throws(any Error) {
            file = try openFile(location(of: digest))
        } catch let error as SystemError where error.number == ENOENT {
            file = try openCollected(digest)
        } catch let error as SystemError where error.number == ELOOP {
            throw StoreError.damaged(path: location(of: digest), detail: "it is a symbolic link")
        }
        guard try file.status().isRegularFile else {
            throw StoreError.damaged(path: location(of: digest), detail: "it is no regular file")
        }
        return file
    }

    private func openFile(_ path: String) throws(SystemError) -> Descriptor {
        try Descriptor.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    }

    /// A blob that was collected while somebody still uses it, or a layer that is kept as pieces.
    private func openCollected(_ digest: Digest) throws -> Descriptor {
        if trash.putBack(digest), let file = try? openFile(location(of: digest)) { return file }
        if let place = trash.location(of: digest), let file = try? openFile(place) { return file }
        return try foldedLayers.open(digest)
    }

    /// Hashes a blob of any length.
    /// - Returns: how many bytes it has.
    /// - Throws: `StoreError.missing`, `.corrupted`, `.damaged`; `SystemError`.
    @discardableResult
    public func verify(_ digest: Digest) throws -> UInt64 {
        let (found, size) = try BlobStream.measure(try open(digest))
        guard found == digest else { throw StoreError.corrupted(digest, found: found) }
        return size
    }
}
