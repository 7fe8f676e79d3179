import BakeModel
import GitRepository
import TarArchive

/// An OCI image layout in a directory of the commit.
struct CommittedLayout: ForeignBlobs {
    let files: [CommittedFile]
    let directory: TreePath
    let commit: CommitFiles

    var name: String { directory.description }

    /// `index.json`.
    func index() throws -> JSON {
        do { return try JSON(parsing: try bytes("index.json", limit: ForeignLimit.document)) } catch is JSON.Fault {
            throw LayerFault.unusableImport(name, "its index.json is no JSON")
        }
    }

    func manifest(_ digest: Digest) throws -> [UInt8] { try blob(digest, limit: ForeignLimit.document) }

    func configuration(_ digest: Digest, size: UInt64) throws -> [UInt8] {
        try blob(digest, limit: ForeignLimit.document)
    }

    func layer(_ digest: Digest, size: UInt64) throws -> ArchiveBytes {
        ArchiveBytes(try blob(digest, limit: LayerLimit.fileBytes))
    }

    private func blob(_ digest: Digest, limit: Int) throws -> [UInt8] {
        try bytes("blobs/sha256/\(digest.hex)", limit: limit)
    }

    private func bytes(_ name: String, limit: Int) throws -> [UInt8] {
        let path = directory.appending(try TreePath(cleaning: name))
        guard let file = files.first(where: { $0.path == path }) else {
            throw LayerFault.unusableImport(self.name, "it has no \(name)")
        }
        return try commit.bytes(file, limit)
    }
}
