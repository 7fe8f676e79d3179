import BakeModel
import TarArchive

/// A tar of an OCI image layout, skopeo's `oci-archive:`.
struct LayoutArchive: ForeignBlobs {
    let archive: ForeignArchive

    var name: String { archive.name }

    /// `index.json`.
    func index() throws -> JSON { try archive.json("index.json") }

    func manifest(_ digest: Digest) throws -> [UInt8] { try archive.document(Self.path(of: digest)) }

    func configuration(_ digest: Digest, size: UInt64) throws -> [UInt8] {
        try archive.document(Self.path(of: digest))
    }

    func layer(_ digest: Digest, size: UInt64) throws -> ArchiveBytes { try archive.open(Self.path(of: digest)) }

    private static func path(of digest: Digest) -> String { "blobs/sha256/\(digest.hex)" }
}
