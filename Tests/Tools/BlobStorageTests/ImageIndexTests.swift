import BakeModel
import BlobStorage
import Foundation
import LinuxSystem
import Testing

@Suite struct ImageIndexTests {
    private let isOurs: (String) -> Bool = { $0.hasPrefix("web") }

    @Test("our names are replaced, a stranger's entry stays with every member it has")
    func foreignReferences() throws {
        let fixture = try TemporaryStore()
        let image = try TinyImage(in: fixture.store)
        let stranger: JSON = [
            "mediaType": "application/x-odd", "digest": "sha512:00", "size": 1, "platform": ["os": "plan9"],
            "annotations": ["org.opencontainers.image.ref.name": "theirs"],
        ]
        let document: JSON = ["schemaVersion": 2, "manifests": [stranger], "annotations": ["kept": "yes"]]
        try Data(document.canonicalBytes).write(to: URL(fileURLWithPath: "\(fixture.store.path)/index.json"))
        for number in 1...2 {
            try fixture.store.rewriteIndex(owning: isOurs) {
                [IndexEntry(reference: "web@\(number)", target: image.manifest)]
            }
        }
        let index = try fixture.store.readIndex()
        #expect(index.json["manifests"]?.items?.count == 2)
        #expect(index.json["manifests"]?.items?.first == stranger)
        #expect(index.json["annotations"] == ["kept": "yes"])
        #expect(index["web@1"] == nil)
        #expect(index["web@2"]?.digest == image.manifest.digest)
    }

    @Test("those who rewrite at once lose nothing")
    func race() throws {
        let fixture = try TemporaryStore()
        let store = fixture.store
        let image = try TinyImage(in: store)
        let manifest = image.manifest
        let workers = (0..<8).map { number in
            Worker {
                try store.rewriteIndex(owning: { $0 == "web@\(number)" }) {
                    [IndexEntry(reference: "web@\(number)", target: manifest)]
                }
            }
        }
        for worker in workers { try worker.result() }
        #expect(try store.readIndex().manifests.count == 8)
    }

    @Test("an index that is none is damage, and is not overwritten")
    func damaged() throws {
        let fixture = try TemporaryStore()
        let path = "\(fixture.store.path)/index.json"
        try Data("{".utf8).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: StoreError.self) { try fixture.store.rewriteIndex(owning: isOurs) { [] } }
        #expect(error?.exit == .damaged)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "{")
    }

    @Test("an index that grows with its ledger has the bytes of one that is made again, whoever wrote in between")
    func growing() throws {
        let fixture = try TemporaryStore()
        let store = fixture.store
        let manifest = try TinyImage(in: store).manifest
        let path = "\(store.path)/index.json"
        var latest: Int64 = 0
        var asked: [Int64] = []
        func content() -> IndexContent {
            // Every third entry makes a name that stays; all others move the one slot.
            IndexContent(
                owns: isOurs, latest: { latest },
                lasting: { after, through in
                    asked.append(after)
                    return (after + 1..<through + 1).filter { $0 % 3 == 0 }
                        .map { IndexEntry(reference: "web@\($0)", target: manifest) }
                },
                moving: { latest < 2 ? [] : [IndexEntry(reference: "web:production", target: manifest)] })
        }
        for entry in 1...20 {
            latest = Int64(entry)
            switch entry {
            case 8: try FileManager.default.removeItem(atPath: store.cache)
            case 12:
                let theirs = ContentDescriptor(
                    mediaType: manifest.mediaType, digest: manifest.digest, size: manifest.size,
                    annotations: [ContentDescriptor.referenceKey: "theirs"]
                ).json
                let document: JSON = [
                    "schemaVersion": 2, "manifests": [theirs], "annotations": ["a": "\"manifests\":["],
                ]
                try Data(document.canonicalBytes).write(to: URL(fileURLWithPath: path))
            case 15: try Data("noise".utf8).write(to: URL(fileURLWithPath: "\(store.cache)/index"))
            default: break
            }
            if entry == 8 { _ = try BlobStore.open(store.path) }
            try store.refreshIndex(content())
            let grown = try Data(contentsOf: URL(fileURLWithPath: path))
            try store.rebuildIndex(content())
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == grown, "entry \(entry)")
        }
        #expect(try store.readIndex().manifests.count == 8)
        #expect(try JSON(parsing: [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))) == store.readIndex().json)
        // Each refresh is followed by a rebuild (0), and asks for everything only where it must.
        #expect(asked.enumerated().filter { $0.offset % 2 == 0 }.map(\.element).count { $0 == 0 } == 4)
    }

    @Test("skopeo and umoci read the store as it lies, and umoci gc leaves what bake added")
    func foreignTools() throws {
        let fixture = try TemporaryStore()
        let store = fixture.store
        let image = try TinyImage(in: store)
        try store.rewriteIndex(owning: isOurs) {
            ["web@1", "web:production"].map { IndexEntry(reference: $0, target: image.manifest) }
        }
        let environment = ["PATH=/usr/bin:/bin", "HOME=\(fixture.directory)", "TMPDIR=\(fixture.directory)"]
        func run(_ tool: String, _ arguments: [String]) throws -> CompletedProcess {
            let process = try CompletedProcess.run("/usr/bin/\(tool)", arguments, environment: environment)
            #expect(process.ending.succeeded, "\(tool): \(process.lastErrors)")
            return process
        }
        let inspected = try run("skopeo", ["inspect", "--raw", "oci:\(store.path):web@1"])
        #expect(Digest.of(inspected.output) == image.manifest.digest)
        _ = try run("skopeo", ["copy", "oci:\(store.path):web:production", "oci:\(fixture.directory)/copy:x"])
        _ = try run("umoci", ["gc", "--layout", store.path])
        _ = try run("umoci", ["unpack", "--image", "\(store.path):web@1", "\(fixture.directory)/bundle"])
        let greeting = try String(contentsOfFile: "\(fixture.directory)/bundle/rootfs/greeting", encoding: .utf8)
        #expect(greeting == "hello")
        #expect(try BlobStore.open(store.path).readIndex().manifests.count == 2)
        #expect(try store.check { _, _ in nil }.isEmpty)
    }
}
