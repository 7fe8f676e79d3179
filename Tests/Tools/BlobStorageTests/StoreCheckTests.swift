import BakeModel
import BlobStorage
import Foundation
import Glibc
import Testing

@Suite struct StoreCheckTests {
    private let fixture: TemporaryStore
    private let image: TinyImage

    init() throws {
        fixture = try TemporaryStore()
        image = try TinyImage(in: fixture.store)
        try name(image.manifest)
    }

    private func name(_ manifest: ContentDescriptor) throws {
        try fixture.store.rewriteIndex(owning: { $0 == "web@1" }) { [IndexEntry(reference: "web@1", target: manifest)] }
    }

    private func findings() throws -> [StoreFinding] { try fixture.store.check { _, _ in nil } }

    private func overwrite(_ digest: Digest, _ bytes: [UInt8]) throws {
        #expect(chmod(fixture.blobPath(digest), 0o644) == 0)
        try Data(bytes).write(to: URL(fileURLWithPath: fixture.blobPath(digest)))
    }

    @Test("a sound store has no findings, and every layer is shown to the caller with its diff id")
    func sound() throws {
        var shown: [[Digest]] = []
        let findings = try fixture.store.check { layer, diffID in
            shown.append([layer.digest, diffID.digest])
            return nil
        }
        #expect(findings.isEmpty)
        #expect(shown == [[image.layer.digest, image.diffID.digest]])
    }

    @Test("a flipped byte is found, wherever it is")
    func flippedByte() throws {
        for digest in [image.layer.digest, image.configuration.digest, image.manifest.digest] {
            let good = try fixture.store.read(digest, limit: 1 << 20)
            var bytes = good
            bytes[bytes.count / 2] ^= 1
            try overwrite(digest, bytes)
            let found = try findings().filter(\.isDamage)
            #expect(found.contains { $0.kind == .corrupted && $0.subject == digest.description })
            try overwrite(digest, good)
        }
        #expect(try findings().isEmpty)
    }

    @Test("a missing blob is found once, though two images name it")
    func missing() throws {
        let other = try TinyImage(in: fixture.store, type: MediaType.manifest)
        #expect(other.layer == image.layer)
        #expect(unlink(fixture.blobPath(image.layer.digest)) == 0)
        let found = try findings()
        #expect(found.map(\.kind) == [.missing])
        #expect(found.first?.subject == image.layer.digest.description)
    }

    @Test("a wrong size in a document is found")
    func wrongSize() throws {
        try name(
            ContentDescriptor(
                mediaType: MediaType.manifest, digest: image.manifest.digest, size: image.manifest.size + 1))
        #expect(try findings().filter(\.isDamage).map(\.kind) == [.wrongSize])
    }

    @Test("a document of another type than it is named as is found")
    func wrongType() throws {
        try name(try TinyImage(in: fixture.store, type: MediaType.index).manifest)
        #expect(try findings().filter(\.isDamage).map(\.kind) == [.wrongType])
    }

    @Test(
        "documents that readers could take for two things, or for nothing, are found",
        arguments: [
            #"{"schemaVersion":2,"manifests":[],"layers":[]}"#, "[]", "{", #"{"schemaVersion":2,"layers":[]}"#,
            #"{"schemaVersion":2,"config":{"mediaType":"x","digest":"sha256:../../etc","size":1},"layers":[]}"#,
        ])
    func malformed(text: String) throws {
        try name(try TinyImage.put(Array(text.utf8), MediaType.manifest, in: fixture.store))
        #expect(try findings().filter(\.isDamage).map(\.kind) == [.malformed])
    }

    @Test("what the caller says about a layer is a finding")
    func wrongLayer() throws {
        let found = try fixture.store.check { _, _ in "its tar hashes to something else" }
        #expect(found.map(\.kind) == [.wrongLayer])
        #expect(found.first?.explanation == "its tar hashes to something else")
    }

    @Test("superfluous things are told, and are no damage")
    func superfluous() throws {
        let extra = try fixture.store.put("extra".utf8)
        let stray = "\(fixture.store.path)/blobs/sha256/README"
        try Data("hi".utf8).write(to: URL(fileURLWithPath: stray))
        let found = try findings()
        #expect(Set(found.map(\.kind)) == [.stray, .unreferenced])
        #expect(found.contains { $0.subject == extra.description })
        #expect(!found.contains { $0.isDamage })
        let kept = ContentDescriptor(mediaType: "text/plain", digest: extra, size: 5)
        #expect(try fixture.store.check(roots: [kept]) { _, _ in nil }.map(\.kind) == [.stray])
    }
}
