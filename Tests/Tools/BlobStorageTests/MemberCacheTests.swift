import BakeModel
import BlobStorage
import Foundation
import Testing

@Suite struct MemberCacheTests {
    private let fixture: TemporaryStore
    /// A blob of two pieces, and what each is said to hold.
    private let pieces: [[UInt8]] = [Array("first piece".utf8), Array("and a second one".utf8)]
    private let plain = [Digest.of(Array("1".utf8)), Digest.of(Array("2".utf8))]
    private let blob: Digest

    init() throws {
        fixture = try TemporaryStore()
        blob = try fixture.store.put(pieces[0] + pieces[1])
        MemberCache(store: fixture.store, encoder: "encoder 1").keep(members(stored: pieces), of: blob)
    }

    private func members(stored: [[UInt8]]) -> [LayerMember] {
        var offset: UInt64 = 0
        return zip(plain, stored).map { plain, bytes in
            defer { offset += UInt64(bytes.count) }
            return LayerMember(
                content: plain, stored: Digest.of(bytes), offset: offset, size: bytes.count, plainSize: 1)
        }
    }

    @Test("a member is found by what it holds, also by another process")
    func find() {
        let cache = MemberCache(store: fixture.store, encoder: "encoder 1")
        #expect(cache.find(plain[0])?.bytes == pieces[0])
        #expect(cache.find(plain[1])?.bytes == pieces[1])
        #expect(cache.find(blob) == nil)
    }

    @Test("what another encoder wrote is not found: its bytes would depend on the store's history")
    func encoders() {
        #expect(MemberCache(store: fixture.store, encoder: "encoder 2").find(plain[0]) == nil)
    }

    @Test("bytes that are not what they were are not given away")
    func damaged() throws {
        MemberCache(store: fixture.store, encoder: "encoder 3")
            .keep(members(stored: [Array("other bytes".utf8), pieces[1]]), of: blob)
        let cache = MemberCache(store: fixture.store, encoder: "encoder 3")
        #expect(cache.find(plain[0]) == nil)
        #expect(cache.find(plain[1])?.bytes == pieces[1])
    }

    @Test("without the blob there is nothing, and a torn file is as good as its whole records")
    func torn() throws {
        let directory = "\(fixture.store.cache)/members"
        let encoder = try #require(try FileManager.default.contentsOfDirectory(atPath: directory).first)
        let file = "\(directory)/\(encoder)/\(blob.hex)"
        let bytes = try Data(contentsOf: URL(filePath: file))
        try bytes.dropLast(60).write(to: URL(filePath: file))
        #expect(MemberCache(store: fixture.store, encoder: "encoder 1").find(plain[0])?.bytes == pieces[0])
        #expect(MemberCache(store: fixture.store, encoder: "encoder 1").find(plain[1]) == nil)
        try FileManager.default.moveItem(atPath: file, toPath: "\(directory)/\(encoder)/\(plain[0].hex)")
        #expect(MemberCache(store: fixture.store, encoder: "encoder 1").find(plain[0]) == nil)
    }
}
