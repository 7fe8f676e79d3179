import BakeModel
import BlobStorage
import Foundation
import Testing

/// Layers that are kept as the pieces they share. A piece here is a mark, its length and that many bytes less two.
@Suite struct LayerFoldingTests {
    private let fixture: TemporaryStore
    private let old: Digest
    private let new: Digest
    private static let pieces = ["one", "the second, as it was", "three", "the second, changed"].map(piece)
    private static let oldBytes = pieces[0] + pieces[1] + pieces[2]
    private static let newBytes = pieces[0] + pieces[3] + pieces[2]

    init() throws {
        fixture = try TemporaryStore()
        old = try fixture.store.put(Self.oldBytes)
        new = try fixture.store.put(Self.newBytes)
        // Nobody else uses the store: what is collected goes at once.
        fixture.close()
    }

    private static func piece(_ text: String) -> [UInt8] { [0xca, UInt8(text.utf8.count + 2)] + Array(text.utf8) }

    private static func folding(_ store: BlobStore) -> LayerFolding {
        LayerFolding(store) { $0.count >= 2 && $0[0] == 0xca ? Int($0[1]) : nil }
    }

    /// What `bake gc` does: prepare, remove, prune.
    private func fold(
        _ layers: [Digest], leaving: Set<Digest> = [], staying: [Digest] = [], keeping: Set<Digest>
    ) throws {
        let collection = try BlobCollection(fixture.store)
        let folding = Self.folding(fixture.store)
        let folded = try folding.prepare(layers, leaving: leaving, staying: staying)
        _ = try collection.remove((folded.union(leaving)).sorted()) { [] }
        _ = try folding.prune(keeping: keeping)
    }

    private func isBlob(_ digest: Digest) -> Bool { FileManager.default.fileExists(atPath: fixture.blobPath(digest)) }

    private func packs() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(fixture.store.path)/members/packs")
            .filter { !$0.hasSuffix(".list") }.map { "\(fixture.store.path)/members/packs/\($0)" }
    }

    @Test("a folded layer comes back bit for bit, and only what no whole layer has is stored")
    func comesBack() throws {
        try fold([old], staying: [new], keeping: [old, new])
        #expect(!isBlob(old) && isBlob(new))
        #expect(fixture.store.contains(old) && fixture.store.isFolded(old) && !fixture.store.isFolded(new))
        #expect(try fixture.store.size(old) == UInt64(Self.oldBytes.count))
        #expect(try fixture.store.read(old, limit: 1000) == Self.oldBytes)
        #expect(try fixture.store.verify(old) == UInt64(Self.oldBytes.count))
        #expect(try packs().map { try Data(contentsOf: URL(filePath: $0)) } == [Data(Self.pieces[1])])
    }

    @Test("what a layer lent is stored before the layer goes, folded or given up", arguments: [true, false])
    func lender(_ isFolded: Bool) throws {
        try fold([old], staying: [new], keeping: [old, new])
        try fold(isFolded ? [new] : [], leaving: isFolded ? [] : [new], keeping: isFolded ? [old, new] : [old])
        #expect(!isBlob(new))
        #expect(try fixture.store.read(old, limit: 1000) == Self.oldBytes)
        if isFolded {
            #expect(try fixture.store.read(new, limit: 1000) == Self.newBytes)
        } else {
            #expect(throws: StoreError.missing(new)) { try fixture.store.read(new, limit: 1000) }
        }
    }

    @Test("P6: killed before the blobs go, everything is there; the next collection ends what was begun")
    func killed() throws {
        _ = try Self.folding(fixture.store).prepare([old], leaving: [], staying: [new])
        #expect(isBlob(old) && !fixture.store.isFolded(old))
        let before = try packs()
        try fold([old], staying: [new], keeping: [old, new])
        #expect(try packs() == before)
        #expect(try fixture.store.read(old, limit: 1000) == Self.oldBytes)
    }

    @Test("P3: damage is found by reading and by a check, and a damaged layer is never folded")
    func damage() throws {
        let store = fixture.store
        try fold([old], staying: [new], keeping: [old, new])
        let pack = try #require(try packs().first)
        try Data(Self.piece("the second, as it IS?")).write(to: URL(filePath: pack))
        #expect(throws: StoreError.self) { try store.read(old, limit: 1000) }
        let findings = try store.check { _, _ in nil }
        #expect(findings.contains { $0.kind == .corrupted && $0.subject == old.description })
        try FileManager.default.removeItem(atPath: pack)
        #expect(throws: (any Error).self) { try store.read(old, limit: 1000) }
        #expect(try store.quarantine(old) != nil)
        #expect(!store.contains(old))

        try FileManager.default.removeItem(atPath: fixture.blobPath(new))
        try Data(Self.oldBytes).write(to: URL(filePath: fixture.blobPath(new)))
        try FileManager.default.removeItem(atPath: "\(store.path)/members/layers/\(new.hex)")
        #expect(throws: StoreError.corrupted(new, found: old)) {
            try Self.folding(store).prepare([new], leaving: [], staying: [])
        }
    }

    /// What the writer of a layer leaves behind in the cache.
    private func remember(_ pieces: [[UInt8]], of layer: Digest) {
        var offset: UInt64 = 0
        let members = pieces.map { piece in
            defer { offset += UInt64(piece.count) }
            let digest = Digest.of(piece)
            return LayerMember(content: digest, stored: digest, offset: offset, size: piece.count, plainSize: 1)
        }
        MemberCache(store: fixture.store, encoder: "e").keep(members, of: layer)
    }

    private func damage(_ layer: Digest, with bytes: [UInt8]) throws {
        try FileManager.default.removeItem(atPath: fixture.blobPath(layer))
        try Data(bytes).write(to: URL(filePath: fixture.blobPath(layer)))
    }

    @Test(
        "a layer whose writer remembers its pieces is not read for them, and what another needs of it is proved all the same"
    )
    func remembered() throws {
        remember([Self.pieces[0], Self.pieces[3], Self.pieces[2]], of: new)
        try damage(new, with: Self.pieces[0] + Self.piece("the second, CHANGED") + Self.piece("THREE"))
        #expect(throws: StoreError.self) { try fold([old], staying: [new], keeping: [old, new]) }
        #expect(isBlob(old))
        try damage(new, with: Self.pieces[0] + Self.piece("the second, CHANGED") + Self.pieces[2])
        try fold([old], staying: [new], keeping: [old, new])
        #expect(!isBlob(old))
        #expect(try fixture.store.read(old, limit: 1000) == Self.oldBytes)
    }

    @Test("a memory that is damaged, another layer's or of other bytes is none", arguments: ["seal", "name", "size"])
    func forgotten(_ how: String) throws {
        remember([Self.pieces[0], Self.pieces[3], Self.pieces[2]], of: new)
        let directory = "\(fixture.store.cache)/members"
        let encoder = try #require(try FileManager.default.contentsOfDirectory(atPath: directory).first)
        let file = URL(filePath: "\(directory)/\(encoder)/\(new.hex)")
        var bytes = try Data(contentsOf: file)
        switch how {
        case "seal": bytes[20] ^= 1
        case "name":
            remember([Self.pieces[0], Self.pieces[1], Self.pieces[3]], of: old)
            bytes = try Data(contentsOf: URL(filePath: "\(directory)/\(encoder)/\(old.hex)"))
        default:
            remember([Self.pieces[0], Self.pieces[3]], of: new)
            bytes = try Data(contentsOf: file)
        }
        try bytes.write(to: file)
        if how == "name" { try FileManager.default.removeItem(atPath: "\(directory)/\(encoder)/\(old.hex)") }
        try fold([old], staying: [new], keeping: [old, new])
        #expect(try packs().map { try Data(contentsOf: URL(filePath: $0)) } == [Data(Self.pieces[1])])
        #expect(try fixture.store.read(old, limit: 1000) == Self.oldBytes)
    }

    @Test("what a given-up layer lent is stored although another is said to have it, where that one is damaged")
    func damagedHeir() throws {
        try fold([old], staying: [new], keeping: [old, new])
        let heir = try fixture.store.put(Self.pieces[0] + Self.pieces[2])
        remember([Self.pieces[0], Self.pieces[2]], of: heir)
        try damage(heir, with: Self.piece("ONE") + Self.pieces[2])
        try fold([], leaving: [new], staying: [heir], keeping: [old, heir])
        #expect(!isBlob(new))
        #expect(try fixture.store.read(old, limit: 1000) == Self.oldBytes)
    }

    @Test("what is not made of pieces stays a blob")
    func foreign() throws {
        let foreign = try fixture.store.put(Self.pieces[0] + [1, 2, 3])
        #expect(try Self.folding(fixture.store).prepare([foreign], leaving: [], staying: []).isEmpty)
    }

    @Test("what is not wanted any more goes, with the pieces that only it had")
    func prune() throws {
        try fold([old, new], keeping: [old, new])
        #expect(try packs().count == 2)
        try fold([], keeping: [new])
        #expect(!fixture.store.contains(old))
        #expect(try fixture.store.read(new, limit: 1000) == Self.newBytes)
        try fold([], keeping: [])
        #expect(try packs().isEmpty)
    }

    @Test("a folded layer becomes a blob again, for tools that read the layout")
    func unfold() throws {
        try fold([old], staying: [new], keeping: [old, new])
        try fixture.store.unfold(old)
        #expect(isBlob(old))
        #expect(try Data(contentsOf: URL(filePath: fixture.blobPath(old))) == Data(Self.oldBytes))
    }
}
