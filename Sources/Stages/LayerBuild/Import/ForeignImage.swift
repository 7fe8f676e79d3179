import BakeModel
import TarArchive

/// An image that somebody else made: its configuration, and its layers as they are stored there.
struct ForeignImage {
    /// The image configuration. OCI image specification 1.1, "Image Configuration".
    let configuration: JSON
    /// The lowest first.
    let layers: [Layer]

    /// A layer whose bytes nobody has looked at.
    struct Layer {
        /// What it is called in messages.
        let name: String
        /// What its stored bytes are said to be; nil where nothing is said.
        let claim: (digest: Digest, size: UInt64)?
        /// Begins to read the stored bytes: a tar, plain or in gzip or zstd.
        let open: () throws -> ArchiveBytes
    }
}

/// Where the documents of an OCI image come from.
protocol ForeignDocuments {
    /// What it is called in messages.
    var name: String { get }
    /// The bytes of a manifest or index; whether they are those of the digest is the asker's to check.
    func manifest(_ digest: Digest) throws -> [UInt8]
}

/// Where all of an OCI image comes from: a layout directory, an archive, a registry.
protocol ForeignBlobs: ForeignDocuments {
    /// The bytes of a configuration; whether they are those of the digest is the asker's to check.
    func configuration(_ digest: Digest, size: UInt64) throws -> [UInt8]
    /// Begins to read a layer; whether it is that of the digest is the reader's to check.
    func layer(_ digest: Digest, size: UInt64) throws -> ArchiveBytes
}

/// How much the documents of a foreign image may ask for.
enum ForeignLimit {
    /// Bytes of a manifest, index or configuration.
    static let document = 4 << 20
    /// Layers of one image. overlayfs mounts 500.
    static let layers = 500
    /// Stored bytes of all layers together.
    static let bytes: UInt64 = 64 << 30
    /// Indexes within indexes.
    static let depth = 4
    /// Entries of an archive of images.
    static let archiveEntries = 100_000
}
