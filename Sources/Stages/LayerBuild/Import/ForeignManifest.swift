import BakeModel

/// Reads an OCI image from its manifest. OCI image specification 1.1, "Image Manifest"; Docker's schema 2 has the same
/// members.
struct ForeignManifest {
    private let blobs: any ForeignBlobs

    private static let layerTypes: Set = [
        "application/vnd.oci.image.layer.v1.tar", "application/vnd.oci.image.layer.v1.tar+gzip",
        "application/vnd.oci.image.layer.v1.tar+zstd", "application/vnd.docker.image.rootfs.diff.tar",
        "application/vnd.docker.image.rootfs.diff.tar.gzip", "application/vnd.docker.image.rootfs.diff.tar.zstd",
    ]

    init(_ blobs: any ForeignBlobs) { self.blobs = blobs }

    /// The image that a manifest names. Nothing of its layers is read here.
    func image(of manifest: JSON) throws -> ForeignImage {
        guard let (digest, size) = Self.descriptor(manifest["config"]) else {
            throw refused("its manifest names no configuration")
        }
        guard size <= ForeignLimit.document else { throw refused("its configuration has \(size) bytes") }
        let bytes = try blobs.configuration(digest, size: size)
        guard bytes.count == size, Digest.of(bytes) == digest else {
            throw refused("the bytes of its configuration \(digest) are others")
        }
        let configuration: JSON
        do { configuration = try JSON(parsing: bytes) } catch { throw refused("its configuration is no JSON") }
        return ForeignImage(configuration: configuration, layers: try layers(of: manifest))
    }

    private func layers(of manifest: JSON) throws -> [ForeignImage.Layer] {
        var total: UInt64 = 0
        return try (manifest["layers"]?.items ?? []).map { layer in
            guard let (digest, size) = Self.descriptor(layer) else { throw refused("a layer has no digest or size") }
            let type = layer["mediaType"]?.string ?? "unknown"
            guard Self.layerTypes.contains(type) else {
                throw refused("the layer \(digest.short) is of type \(type), which is no layer of files")
            }
            total = total.addingReportingOverflow(size).partialValue
            guard size <= ForeignLimit.bytes, total <= ForeignLimit.bytes else {
                throw refused("its layers have more than \(ForeignLimit.bytes) bytes")
            }
            return ForeignImage.Layer(name: "layer \(digest.short)", claim: (digest, size)) { [blobs] in
                try blobs.layer(digest, size: size)
            }
        }
    }

    private static func descriptor(_ json: JSON?) -> (Digest, UInt64)? {
        guard let digest = json?["digest"]?.namedDigest, let size = json?["size"]?.size else { return nil }
        return (digest, size)
    }

    private func refused(_ why: String) -> LayerFault { .unusableImport(blobs.name, why) }
}

extension ForeignBlobs {
    /// The image that a digest leads to.
    func image(from digest: Digest, for architecture: String) throws -> ForeignImage {
        let manifest = try ForeignIndex(self, architecture: architecture).manifest(from: digest).document
        return try ForeignManifest(self).image(of: manifest)
    }
}
