import BakeModel
import BlobStorage

/// Reads an image back from its manifest, believing nothing that was not verified.
public struct ImageReader: Sendable {
    private let store: BlobStore
    private static let documentLimit = 4 << 20

    /// Reads images of one store.
    public init(store: BlobStore) { self.store = store }

    /// The image of a manifest. Sizes of the tars inside are not part of the documents; they read 0.
    public func read(_ manifest: Digest) throws -> Image {
        let bytes = try store.read(manifest, limit: Self.documentLimit)
        let document = try Self.parse(bytes, of: manifest)
        guard document["layers"] != nil, document["manifests"] == nil,
            document["mediaType"]?.string ?? MediaType.manifest == MediaType.manifest
        else { throw ImageFault.notAnImage(manifest, "it is no OCI image manifest") }
        let (configurationDigest, size) = try Self.descriptor(document["config"], in: manifest)
        let text = try store.read(configurationDigest, limit: Self.documentLimit)
        guard text.count == size else {
            throw ImageFault.notAnImage(manifest, "its configuration has \(text.count) bytes, not \(size)")
        }
        let configuration = try Self.parse(text, of: configurationDigest)
        let layers = try Self.layers(document, configuration, of: manifest)
        return Image(
            manifest: manifest, manifestSize: UInt64(bytes.count), configurationDigest: configurationDigest,
            layers: layers, configuration: ImageConfiguration(oci: configuration["config"] ?? [:]),
            architecture: configuration["architecture"]?.string ?? "amd64")
    }

    /// The layers of an image with what made each, as its own history tells it.
    /// - Parameter name: stands for what made a layer where the history does not say.
    public func history(of image: Image, unnamed name: String) throws -> [HistoryLayer] {
        let configuration = try Self.parse(
            try store.read(image.configurationDigest, limit: Self.documentLimit), of: image.configurationDigest)
        let lines = (configuration["history"]?.items ?? []).filter { $0["empty_layer"]?.bool != true }
        return image.layers.enumerated().map { index, layer in
            let by = lines.count == image.layers.count ? lines[index]["created_by"]?.string : nil
            return HistoryLayer(layer: layer, createdBy: by ?? name)
        }
    }

    private static func parse(_ bytes: [UInt8], of digest: Digest) throws(ImageFault) -> JSON {
        do { return try JSON(parsing: bytes) } catch { throw .notAnImage(digest, "it is no JSON: \(error)") }
    }

    private static func descriptor(_ json: JSON?, in manifest: Digest) throws(ImageFault) -> (Digest, UInt64) {
        guard let digest = json?["digest"]?.namedDigest, let size = json?["size"]?.size else {
            throw .notAnImage(manifest, "a descriptor in it has no digest or size")
        }
        return (digest, size)
    }

    private static func layers(_ document: JSON, _ configuration: JSON, of manifest: Digest) throws -> [Layer] {
        let descriptors = document["layers"]?.items ?? []
        let diffIDs = configuration["rootfs"]?["diff_ids"]?.all(\.namedDigest) ?? []
        guard descriptors.count == diffIDs.count else {
            throw ImageFault.notAnImage(manifest, "it names \(descriptors.count) layers and \(diffIDs.count) diff ids")
        }
        return try zip(descriptors, diffIDs).map { json, diffID in
            guard json["mediaType"]?.string == Layer.mediaType else {
                throw ImageFault.notAnImage(manifest, "a layer is of type \(json["mediaType"]?.string ?? "unknown")")
            }
            let (digest, size) = try descriptor(json, in: manifest)
            return Layer(blob: digest, size: size, diffID: DiffID(diffID), tarSize: 0)
        }
    }
}

/// A document that is no image.
public enum ImageFault: ExplainedError, Hashable {
    /// The blob of this digest is not what it should be, and why.
    case notAnImage(Digest, String)

    public var doing: String { "read the image" }
    public var subject: String {
        switch self {
        case .notAnImage(let digest, _): digest.description
        }
    }
    public var reason: String {
        switch self {
        case .notAnImage(_, let why): why
        }
    }
    public var exit: ExitCode { .damaged }
}
