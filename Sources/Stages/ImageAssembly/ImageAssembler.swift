import BakeModel
import BlobStorage

/// Layers → image: writes the configuration and the manifest that name them.
public struct ImageAssembler: Sendable {
    private let store: BlobStore
    private let architecture: String

    /// Assembles images of one architecture (`amd64`) in a store that holds their layers.
    public init(store: BlobStore, architecture: String) {
        self.store = store
        self.architecture = architecture
    }

    /// Makes the image. Its digest depends on the layers and the configuration alone: no time, no commit, no host.
    public func assemble(_ layers: [HistoryLayer], configuration: ImageConfiguration) throws -> Image {
        let document = ImageDocument.configuration(layers, configuration, architecture: architecture)
        let configurationDigest = try store.put(document.canonicalBytes)
        let manifest = ImageDocument.manifest(
            configuration: configurationDigest, size: UInt64(document.canonicalBytes.count), layers.map(\.layer))
        return Image(
            manifest: try store.put(manifest.canonicalBytes), manifestSize: UInt64(manifest.canonicalBytes.count),
            configurationDigest: configurationDigest, layers: layers.map(\.layer), configuration: configuration,
            architecture: architecture)
    }
}

/// The documents of an image. OCI image specification 1.1, "Image Configuration" and "Image Manifest".
enum ImageDocument {
    static func configuration(
        _ layers: [HistoryLayer], _ configuration: ImageConfiguration, architecture: String
    ) -> JSON {
        .record([
            "architecture": .string(architecture), "os": "linux", "created": created,
            "config": configuration.ociJSON,
            "rootfs": ["type": "layers", "diff_ids": .array(layers.map { .string($0.layer.diffID.description) })],
            "history": .array(layers.map { ["created": created, "created_by": .string($0.createdBy)] }),
        ])
    }

    static func manifest(configuration: Digest, size: UInt64, _ layers: [Layer]) -> JSON {
        .record([
            "schemaVersion": 2, "mediaType": .string(MediaType.manifest),
            "config": descriptor(MediaType.configuration, configuration, size),
            "layers": .array(layers.map { descriptor(Layer.mediaType, $0.blob, $0.size) }),
            // The only annotation that depends on content alone; commit and build facts stand in the index's.
            "annotations": ["org.opencontainers.image.created": created],
        ])
    }

    static func descriptor(_ type: String, _ digest: Digest, _ size: UInt64) -> JSON {
        ["mediaType": .string(type), "digest": .string(digest.description), "size": .number(Int64(clamping: size))]
    }

    /// The one time that everything in an image has.
    private static var created: JSON {
        .string(Timestamp(seconds: Timestamp.insideImages).text(offsetMinutes: 0).replacingSuffix("+00:00", by: "Z"))
    }
}

extension String {
    fileprivate func replacingSuffix(_ suffix: String, by other: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) + other : self
    }
}
