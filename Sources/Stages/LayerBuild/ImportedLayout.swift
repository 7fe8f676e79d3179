import BakeModel
import BlobStorage
import GitRepository
import Glibc
import LinuxSystem
import TarArchive

/// Where the blobs of a foreign layout come from.
protocol LayoutBlobs {
    /// `index.json`.
    func index() throws -> [UInt8]
    /// Brings a blob into the store, verified; nothing where it is there.
    func bring(_ digest: Digest, into store: BlobStore) throws
}

/// The blobs of a layout directory on this machine.
struct DirectoryBlobs: LayoutBlobs {
    let directory: String

    func index() throws -> [UInt8] { try DurableFile.read("\(directory)/index.json", limit: ImportedLayout.limit) }

    func bring(_ digest: Digest, into store: BlobStore) throws {
        if store.contains(digest) { return }
        let file = try Descriptor.open("\(directory)/blobs/sha256/\(digest.hex)", O_RDONLY | O_NOFOLLOW)
        let writer = try store.newBlob()
        try file.readPieces(of: 1 << 20) { piece in
            try writer.write(piece)
        }
        _ = try writer.commit(claimed: digest)
    }
}

/// The blobs of a layout directory in a commit.
struct CommittedBlobs: LayoutBlobs {
    let files: [CommittedFile]
    let directory: TreePath
    let commit: CommitFiles

    func index() throws -> [UInt8] { try bytes("index.json", limit: ImportedLayout.limit) }

    func bring(_ digest: Digest, into store: BlobStore) throws {
        if store.contains(digest) { return }
        let writer = try store.newBlob()
        try writer.write(try bytes("blobs/sha256/\(digest.hex)", limit: LayerLimit.fileBytes))
        _ = try writer.commit(claimed: digest)
    }

    private func bytes(_ name: String, limit: Int) throws -> [UInt8] {
        let path = directory.appending(try TreePath(cleaning: name))
        guard let file = files.first(where: { $0.path == path }) else {
            throw LayerFault.unusableImport(directory.description, "it has no \(name)")
        }
        return try commit.bytes(file, limit)
    }
}

/// An OCI image layout that somebody else wrote. OCI image specification 1.1, "Image Layout".
struct ImportedLayout {
    static let limit = 4 << 20
    private let name: String
    private let source: any LayoutBlobs
    private let store: BlobStore

    init(at name: String, source: any LayoutBlobs, into store: BlobStore) {
        self.name = name
        self.source = source
        self.store = store
    }

    /// The root of the image that the reference names (the only image where it is nil), its layers as they are.
    /// - Parameter expected: the digest of the manifest, where the lock pins it.
    func base(reference: String?, expected: Digest?, by: String) throws -> BuiltStage {
        let digest = try Self.manifest(in: try source.index(), named: reference, layout: name)
        if let expected, expected != digest {
            throw LayerFault.unusableImport(name, "its image is \(digest), the lock says \(expected); run 'bake lock'")
        }
        let manifest = try document(digest)
        guard manifest["layers"] != nil, manifest["manifests"] == nil else {
            throw refused("\(digest) is no image manifest")
        }
        guard let configurationDigest = manifest["config"]?["digest"]?.namedDigest else {
            throw refused("it has no config")
        }
        let configuration = try document(configurationDigest)
        let descriptors = manifest["layers"]?.items ?? []
        let diffIDs = configuration["rootfs"]?["diff_ids"]?.all(\.namedDigest) ?? []
        guard descriptors.count == diffIDs.count else { throw refused("its layers and diff ids differ in number") }
        let layers = try zip(descriptors, diffIDs).map { try layer($0, diffID: $1) }
        return BuiltStage(
            layers: layers.map { HistoryLayer(layer: $0, createdBy: "\(by) \(name)") }, output: nil,
            configuration: ImageConfiguration(oci: configuration["config"] ?? [:]))
    }

    /// The digest of the image that a reference names in an index; of the only image where it is nil.
    static func manifest(in index: [UInt8], named reference: String?, layout: String) throws -> Digest {
        let manifests = try JSON(parsing: index)["manifests"]?.items ?? []
        let named = manifests.filter { manifest in
            let name = manifest["annotations"]?["org.opencontainers.image.ref.name"]?.string
            return reference == nil ? manifest["artifactType"] == nil : name == reference
        }
        guard named.count == 1, let digest = named[0]["digest"]?.namedDigest else {
            let missing = "it has no image\(reference.map { " named \($0)" } ?? "")"
            throw LayerFault.unusableImport(
                layout, named.isEmpty ? missing : "it has several images; name one: oci:\(layout):REFERENCE")
        }
        return digest
    }

    private func document(_ digest: Digest) throws -> JSON {
        try source.bring(digest, into: store)
        do { return try JSON(parsing: try store.read(digest, limit: Self.limit)) } catch is JSON.Fault {
            throw refused("\(digest) is no JSON")
        }
    }

    private func layer(_ descriptor: JSON, diffID: Digest) throws -> Layer {
        guard let digest = descriptor["digest"]?.namedDigest, let size = descriptor["size"]?.size else {
            throw refused("a layer has no digest or size")
        }
        let gzip = [Layer.mediaType, "application/vnd.docker.image.rootfs.diff.tar.gzip"]
        guard gzip.contains(descriptor["mediaType"]?.string ?? "") else {
            throw refused("layer \(digest.short) is of type \(descriptor["mediaType"]?.string ?? "?"), not tar+gzip")
        }
        try source.bring(digest, into: store)
        let summary = try ArchiveReader.read(try store.open(digest)) { _, _ in }
        guard summary.blob == digest, summary.diffID.digest == diffID, summary.size == size else {
            throw refused("layer \(digest.short) does not have the digest, diff id and size that are claimed")
        }
        return Layer(blob: digest, size: size, diffID: DiffID(diffID), tarSize: summary.tarSize)
    }

    private func refused(_ why: String) -> LayerFault { .unusableImport(name, why) }
}
