import BakeModel
import LinuxSystem
import Synchronization
import Testing

@testable import TarArchive

@Suite struct MemberReuseTests {
    /// The members of a layer by what they hold.
    private func members(
        _ scratch: Scratch, _ name: String, _ entries: [ReadEntry]
    ) throws -> [Digest: (bytes: [UInt8], digest: Digest)] {
        let writer = try LayerWriter(to: scratch.create(name), threads: 2, reusing: { _ in nil })
        for entry in entries { try writer.append(entry) }
        _ = try writer.finish()
        let bytes = try scratch.bytes(name)
        return Dictionary(
            writer.members.map { member in
                let stored = Array(bytes[Int(member.offset)..<Int(member.offset) + member.size])
                return (member.plain, (stored, Digest.of(stored)))
            }
        ) { $1 }
    }

    @Test("what is copied gives the same bytes as what is compressed, and only what changed is compressed")
    func reuse() throws {
        let scratch = try Scratch()
        let noise = MemberCutterTests.noise(6 << 20)
        let before: [ReadEntry] = [.file(TreePath("a"), Array("old".utf8)), .file(TreePath("b"), noise)]
        let after: [ReadEntry] = [.file(TreePath("a"), Array("newer".utf8)), .file(TreePath("b"), noise)]
        let known = try members(scratch, "before.tgz", before)
        #expect(known.count > 6)
        let misses = Mutex(0)
        let writer = try LayerWriter(to: scratch.create("copied.tgz"), threads: 2) { plain in
            if known[plain] == nil { misses.withLock { $0 += 1 } }
            return known[plain]
        }
        for entry in after { try writer.append(entry) }
        let copied = try writer.finish()
        #expect(writer.members.allSatisfy { known[$0.plain].map(\.digest) ?? $0.stored == $0.stored })
        #expect(try scratch.write("compressed.tgz", after) == copied)
        #expect(try scratch.bytes("compressed.tgz") == scratch.bytes("copied.tgz"))
        #expect((1...2).contains(misses.withLock { $0 }))
    }

    @Test("a member that holds something else is not believed")
    func foreign() throws {
        let scratch = try Scratch()
        let entries: [ReadEntry] = [.file(TreePath("b"), MemberCutterTests.noise(3 << 20))]
        let other = try members(scratch, "other.tgz", [.file(TreePath("b"), [1, 2, 3])])
        let wrong = try #require(other.values.first)
        let writer = try LayerWriter(to: scratch.create("l.tgz"), threads: 2, reusing: { _ in wrong })
        for entry in entries { try writer.append(entry) }
        #expect(try writer.finish() == scratch.write("expected.tgz", entries))
    }

    @Test("each member's digests and places are those of the stored bytes, as foreign tools see them")
    func places() throws {
        let scratch = try Scratch()
        let writer = try LayerWriter(to: scratch.create("l.tgz"), threads: 2, reusing: { _ in nil })
        for entry in SampleTree.entries { try writer.append(entry) }
        _ = try writer.finish()
        for member in writer.members {
            let cut = "tail -c +\(member.offset + 1) l.tgz | head -c \(member.size)"
            #expect(try scratch.shell("\(cut) | sha256sum").prefix(64) == member.stored.hex)
            #expect(try scratch.shell("\(cut) | gzip -dc | sha256sum").prefix(64) == member.plain.hex)
        }
        #expect(try scratch.bytes("l.tgz").count == writer.members.map(\.size).reduce(0, +))
    }
}
