import BakeModel
import BlobStorage
import Foundation
import Testing

@testable import ImageAssembly

/// What is written is read, and what is no image is refused. OCI image specification 1.1.
@Suite final class ImageReaderTests {
    private let directory: String
    private let store: BlobStore
    private let layer: Layer

    init() throws {
        directory = NSTemporaryDirectory() + "bake-image-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        store = try BlobStore.create(at: "\(directory)/store")
        let bytes = Array("a layer".utf8)
        layer = Layer(
            blob: try store.put(bytes), size: UInt64(bytes.count), diffID: DiffID(Digest.of(Array("a tar".utf8))),
            tarSize: 0)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private func image(_ configuration: ImageConfiguration = ImageConfiguration()) throws -> Image {
        try ImageAssembler(store: store, architecture: "amd64").assemble(
            [HistoryLayer(layer: layer, createdBy: "app: add")], configuration: configuration)
    }

    /// Stores the image's manifest with one member changed.
    private func changed(_ key: String, _ value: JSON?) throws -> Digest {
        var members = try #require(try JSON(parsing: try store.read(image().manifest, limit: 1 << 20)).members)
        members[key] = value
        return try store.put(JSON.object(members).canonicalBytes)
    }

    private func reason(_ digest: Digest) -> String? {
        let error = #expect(throws: (any Error).self) { try ImageReader(store: store).read(digest) }
        return (error as? any ExplainedError)?.reason
    }

    @Test("an image comes back as it was, with its history; the same content has the same digest")
    func roundTrip() throws {
        let settings = ImageConfiguration(
            entrypoint: ["/app"], command: ["-x"], environment: ["A=b"], ports: ["80/tcp"], user: "7:8",
            workingDirectory: "/srv", labels: ["k": "v"], stopSignal: "SIGQUIT", volumes: ["/data"])
        let written = try image(settings)
        #expect(try image(settings) == written)
        let read = try ImageReader(store: store).read(written.manifest)
        #expect(read == written)
        #expect(try ImageReader(store: store).history(of: read, unnamed: "x").map(\.createdBy) == ["app: add"])
    }

    @Test("a manifest names what the specification asks for")
    func documents() throws {
        let made = try image()
        let manifest = try JSON(parsing: try store.read(made.manifest, limit: 1 << 20))
        #expect(manifest["schemaVersion"] == 2)
        #expect(manifest["mediaType"] == "application/vnd.oci.image.manifest.v1+json")
        #expect(manifest["layers"]?.items?.first?["mediaType"] == "application/vnd.oci.image.layer.v1.tar+gzip")
        #expect(manifest["layers"]?.items?.first?["size"] == 7)
        let configuration = try JSON(parsing: try store.read(made.configurationDigest, limit: 1 << 20))
        #expect(configuration["os"] == "linux" && configuration["architecture"] == "amd64")
        #expect(configuration["rootfs"]?["diff_ids"]?.items == [.string(layer.diffID.description)])
    }

    @Test("an index, a document of another type, one that is both")
    func otherDocuments() throws {
        let words = "it is no OCI image manifest"
        #expect(reason(try changed("layers", nil)) == words)
        #expect(reason(try changed("manifests", [])) == words)
        #expect(reason(try changed("mediaType", "application/vnd.oci.image.index.v1+json")) == words)
        #expect(reason(try store.put(Array("hello".utf8)))?.hasPrefix("it is no JSON") == true)
    }

    @Test("a configuration that is missing, of another size, or no JSON; layers that it does not know")
    func configurations() throws {
        let text = try store.put(Array("hello".utf8))
        let descriptor = { (digest: Digest, size: Int64) -> JSON in
            ["mediaType": "x", "digest": .string(digest.description), "size": .number(size)]
        }
        #expect(reason(try changed("config", descriptor(text, 5)))?.hasPrefix("it is no JSON") == true)
        #expect(reason(try changed("config", descriptor(text, 6))) == "its configuration has 5 bytes, not 6")
        #expect(reason(try changed("config", ["size": 5])) == "a descriptor in it has no digest or size")
        let missing = Digest.of([1])
        #expect(throws: StoreError.missing(missing)) {
            try ImageReader(store: store).read(try changed("config", descriptor(missing, 1)))
        }
        #expect(reason(try changed("layers", [])) == "it names 0 layers and 1 diff ids")
    }

    @Test("bytes that changed on the disk are not believed")
    func flippedByte() throws {
        let manifest = try image().manifest
        let path = "\(store.path)/blobs/sha256/\(manifest.hex)"
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes[bytes.count / 2] ^= 1
        chmod(path, 0o644)
        try bytes.write(to: URL(filePath: path))
        #expect(throws: StoreError.self) { try ImageReader(store: store).read(manifest) }
    }
}
