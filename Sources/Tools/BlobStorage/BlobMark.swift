import BakeModel
import Glibc
import LinuxSystem

extension BlobStore {
    private static let documentLimit = 16 << 20

    /// A blob, as its directory tells of it.
    public struct Listed: Hashable, Sendable {
        /// Its name.
        public let digest: Digest
        /// How many bytes it has.
        public let size: UInt64
        /// When it was written.
        public let written: Timestamp
    }

    /// Every blob, by name.
    public func list() throws -> [Listed] {
        try DirectoryListing.names(in: blobs).compactMap { name in
            var status = stat()
            guard let digest = Digest(hex: name), lstat(location(of: digest), &status) == 0, status.isRegularFile else {
                return nil
            }
            return Listed(
                digest: digest, size: UInt64(status.st_size), written: Timestamp(seconds: Int64(status.st_mtim.tv_sec)))
        }
    }

    /// Every blob that these reach: documents are followed, but not to what they are about (`subject`), so that what is
    /// said of an image does not keep it. What is missing reaches nothing.
    /// - Throws: for a document that cannot be understood: nobody knows then what it names.
    public func reachable(from roots: [ContentDescriptor]) throws -> Set<Digest> {
        var reached: Set<Digest> = []
        // One root may call a document a mere blob, and another know what it is.
        var followed: Set<Digest> = []
        var open = roots
        while let descriptor = open.popLast() {
            reached.insert(descriptor.digest)
            guard ManifestDocument.isDocument(descriptor.mediaType), followed.insert(descriptor.digest).inserted,
                contains(descriptor.digest)
            else { continue }
            let document = try understand(descriptor)
            open += document.manifests + document.layers + [document.configuration].compactMap(\.self)
        }
        return reached
    }

    private func understand(_ descriptor: ContentDescriptor) throws -> ManifestDocument {
        let bytes = try read(descriptor.digest, limit: Self.documentLimit)
        do { return try ManifestDocument(parsing: bytes, as: descriptor.mediaType) } catch {
            throw StoreError.damaged(path: location(of: descriptor.digest), detail: error.explanation)
        }
    }

    /// What the index names.
    public func indexed() throws -> [ContentDescriptor] { try readIndex().manifests }
}
