import BakeModel
import Glibc
import LinuxSystem
import TarArchive

/// An OCI image layout in a directory of this machine. OCI image specification 1.1, "Image Layout".
struct LayoutDirectory: ForeignBlobs {
    let path: String

    var name: String { path }

    /// `index.json`.
    func index() throws -> JSON {
        let bytes = try DurableFile.read("\(path)/index.json", limit: ForeignLimit.document)
        do { return try JSON(parsing: bytes) } catch {
            throw LayerFault.unusableImport(path, "its index.json is no JSON")
        }
    }

    func manifest(_ digest: Digest) throws -> [UInt8] { try open(digest).readAll(limit: ForeignLimit.document) }

    func configuration(_ digest: Digest, size: UInt64) throws -> [UInt8] {
        try open(digest).readAll(limit: ForeignLimit.document)
    }

    func layer(_ digest: Digest, size: UInt64) throws -> ArchiveBytes { ArchiveBytes(try open(digest)) }

    private func open(_ digest: Digest) throws -> Descriptor {
        do throws(SystemError) {
            return try Descriptor.open("\(path)/blobs/sha256/\(digest.hex)", O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        } catch {
            guard error.number == ENOENT else { throw error }
            throw LayerFault.unusableImport(path, "it has no \(digest)")
        }
    }
}
