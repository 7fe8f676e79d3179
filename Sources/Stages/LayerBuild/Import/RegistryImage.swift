import BakeModel
import BlobStorage
import LinuxSystem
import RegistryClient
import TarArchive

/// The documents of a registry, for those who only want to know what a tag stands for.
struct RegistryDocuments: ForeignDocuments {
    let client: RegistryClient

    var name: String { client.repository.description }

    func manifest(_ digest: Digest) throws -> [UInt8] { try client.manifest(digest) }
}

/// An image of a registry, as far as the store has it; the rest is fetched, and stays there as it came, so that the same
/// image needs no network again.
struct RegistryImage: ForeignBlobs {
    let client: RegistryClient
    let store: BlobStore
    /// Shows how much of a blob is there.
    let meter: ByteMeter?

    var name: String { client.repository.description }

    func manifest(_ digest: Digest) throws -> [UInt8] {
        if store.contains(digest) { return try store.read(digest, limit: ForeignLimit.document) }
        let bytes = try client.manifest(digest)
        _ = try store.put(bytes)
        return bytes
    }

    func configuration(_ digest: Digest, size: UInt64) throws -> [UInt8] {
        try bring(digest, size: size)
        return try store.read(digest, limit: ForeignLimit.document)
    }

    func layer(_ digest: Digest, size: UInt64) throws -> ArchiveBytes {
        try bring(digest, size: size)
        return ArchiveBytes(try store.open(digest))
    }

    private func bring(_ digest: Digest, size: UInt64) throws {
        if store.contains(digest) { return }
        let writer = try store.newBlob()
        meter?.begin("fetching", growing: writer.descriptor, total: size)
        defer { meter?.end() }
        try client.download(digest, size: size, to: writer.descriptor)
        do {
            _ = try writer.commit(claimed: digest, size: size)
        } catch StoreError.unexpectedDigest(let claimed, let found) {
            throw RegistryError.otherDigest("\(name)@\(digest)", claimed: claimed, found: found)
        }
    }
}
