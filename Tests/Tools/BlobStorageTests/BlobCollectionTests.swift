import BakeModel
import BlobStorage
import Foundation
import Testing

@Suite struct BlobCollectionTests {
    private let fixture: TemporaryStore
    private let image: TinyImage

    init() throws {
        fixture = try TemporaryStore()
        image = try TinyImage(in: fixture.store)
    }

    private func collect(_ digests: [Digest], kept: Set<Digest> = []) throws -> BlobCollection.Result {
        try BlobCollection(try BlobStore.open(fixture.store.path).unused).remove(digests) { kept }
    }

    @Test("what an image reaches is its manifest, configuration and layers, and nothing of what it is about")
    func reachable() throws {
        let roots = [
            ContentDescriptor(mediaType: "text/plain", digest: image.manifest.digest, size: 0), image.manifest,
        ]
        let stranger = try fixture.store.put([1, 2, 3])
        let reached = try fixture.store.reachable(from: roots)
        #expect(reached == Set(try fixture.store.list().map(\.digest)).subtracting([stranger]))
        #expect(reached.contains(image.layer.digest))
    }

    @Test("a document that cannot be understood stops everything: nobody knows what it names")
    func damagedDocument() throws {
        let bytes = Array("{\"manifests\": 7}".utf8)
        let digest = try fixture.store.put(bytes)
        let root = ContentDescriptor(mediaType: MediaType.index, digest: digest, size: UInt64(bytes.count))
        #expect(throws: StoreError.self) { try fixture.store.reachable(from: [root]) }
    }

    @Test("P4: what a process that is still there uses is only laid aside, and comes back when it is asked for")
    func inUse() throws {
        let user = fixture.store
        let layer = image.layer.digest
        #expect(try collect([layer]) == BlobCollection.Result(deleted: 0, waiting: image.layer.size))
        #expect(!FileManager.default.fileExists(atPath: fixture.blobPath(layer)))
        #expect(user.contains(layer))
        #expect(FileManager.default.fileExists(atPath: fixture.blobPath(layer)))
        _ = try collect([layer])
        #expect(try user.read(layer, limit: 1 << 20).count == Int(image.layer.size))
        _ = try collect([layer])
        #expect(try user.size(layer) == image.layer.size)
        withExtendedLifetime(user) {}
    }

    @Test("P4: who begins after a collection began does not keep the trash of the time before")
    func laterUser() throws {
        let path = fixture.store.path
        let layer = image.layer.digest
        var early: BlobStore? = try BlobStore.open(path)
        fixture.close()
        #expect(early?.contains(layer) == true)
        #expect(try collect([layer]).waiting == image.layer.size)
        let later = try BlobStore.open(path)
        early = nil
        #expect(
            try BlobCollection(later.unused).remove([]) { [] }
                == BlobCollection.Result(deleted: image.layer.size, waiting: 0))
        #expect(!later.contains(layer))
    }

    @Test("P4: what came to be kept in between is put back, not deleted")
    func keptMeanwhile() throws {
        let path = fixture.store.path
        let layer = image.layer.digest
        fixture.close()
        let result = try BlobCollection(try BlobStore.open(path).unused).remove([layer, image.manifest.digest]) {
            [layer]
        }
        #expect(result == BlobCollection.Result(deleted: image.manifest.size, waiting: 0))
        #expect(FileManager.default.fileExists(atPath: "\(path)/blobs/sha256/\(layer.hex)"))
    }

    @Test("P6: what a killed collection left in the trash is found by those who miss it, and goes the next time")
    func killed() throws {
        let path = fixture.store.path
        let layer = image.layer.digest
        fixture.close()
        try FileManager.default.createDirectory(atPath: "\(path)/trash/1", withIntermediateDirectories: true)
        try FileManager.default.moveItem(
            atPath: "\(path)/blobs/sha256/\(layer.hex)", toPath: "\(path)/trash/1/\(layer.hex)")
        do {
            let reader = try BlobStore.open(path)
            #expect(reader.contains(layer))
        }
        try FileManager.default.moveItem(
            atPath: "\(path)/blobs/sha256/\(layer.hex)", toPath: "\(path)/trash/1/\(layer.hex)")
        #expect(try BlobCollection(try BlobStore.open(path).unused).remove([]) { [] }.deleted == image.layer.size)
        let left = try FileManager.default.subpathsOfDirectory(atPath: "\(path)/trash").sorted()
        #expect(left == ["2.lock", "collector"])
    }

    @Test("one process collects at a time")
    func oneAtATime() throws {
        let first = try BlobCollection(fixture.store)
        #expect(throws: CollectorBusy.self) { try BlobCollection(fixture.store) }
        withExtendedLifetime(first) {}
    }
}
