import BakeModel
import BlobStorage
import Foundation
import LinuxSystem

/// An image of one layer with one file, made by hand with GNU tar and gzip.
struct TinyImage {
    let manifest: ContentDescriptor
    let configuration: ContentDescriptor
    let layer: ContentDescriptor
    let diffID: DiffID

    /// Stores an image whose file says `greeting`.
    init(in store: BlobStore, greeting: String = "hello", type: String = MediaType.manifest) throws {
        let directory = try TemporaryStore.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try Data(greeting.utf8).write(to: URL(fileURLWithPath: "\(directory)/greeting"))
        let tar = try Self.shell("tar -C \(directory) --owner=0 --group=0 --mtime=@0 -cf - greeting")
        let gzip = try Self.shell("tar -C \(directory) --owner=0 --group=0 --mtime=@0 -cf - greeting | gzip -n")
        diffID = DiffID(Digest.of(tar))
        layer = try Self.put(gzip, Layer.mediaType, in: store)
        let settings: JSON = [
            "architecture": "amd64", "os": "linux", "config": [:],
            "rootfs": ["type": "layers", "diff_ids": [.string(diffID.description)]],
            "history": [["created_by": "hand"]],
        ]
        configuration = try Self.put(settings.canonicalBytes, MediaType.configuration, in: store)
        let document: JSON = [
            "schemaVersion": 2, "mediaType": .string(type), "config": configuration.json, "layers": [layer.json],
        ]
        manifest = try Self.put(document.canonicalBytes, MediaType.manifest, in: store)
    }

    static func put(_ bytes: [UInt8], _ mediaType: String, in store: BlobStore) throws -> ContentDescriptor {
        ContentDescriptor(mediaType: mediaType, digest: try store.put(bytes), size: UInt64(bytes.count))
    }

    private static func shell(_ script: String) throws -> [UInt8] {
        try CompletedProcess.run("/bin/sh", ["-c", script], environment: ["PATH=/usr/bin:/bin"]).output
    }
}
