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
                return (member.content, (stored, Digest.of(stored)))
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
        #expect(writer.members.allSatisfy { known[$0.content].map(\.digest) ?? $0.stored == $0.stored })
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

    private static let files = try? (10..<60).map { number in
        ReadEntry.file(try TreePath(cleaning: "f\(number)"), MemberCutterTests.noise(40 << 10, seed: UInt64(number)))
    }

    /// Writes files whose names for their bytes are numbers.
    private func write(
        _ files: [(entry: ReadEntry, name: UInt8)], _ scratch: Scratch, _ lookup: @escaping MemberLookup
    ) throws -> (layer: Layer, members: [LayerMember]) {
        let writer = try LayerWriter(to: scratch.create("named.tgz"), threads: 2, reusing: lookup)
        for (file, name) in files {
            try writer.append(file.entry, called: [name], content: reading(file.content))
        }
        return (try writer.finish(), writer.members)
    }

    @Test("members of files with names are found by those, and the layer is the same as without any")
    func named() throws {
        let scratch = try Scratch()
        let before = try #require(Self.files)
        let names = (0..<UInt8(before.count))
        let (layer, members) = try write(Array(zip(before, names)), scratch) { _ in nil }
        #expect(try scratch.write("plain.tgz", before) == layer)
        let bytes = try scratch.bytes("named.tgz")
        let known = Dictionary(
            members.map { member in
                let stored = Array(bytes[Int(member.offset)..<Int(member.offset) + member.size])
                return (member.content, (stored, Digest.of(stored)))
            }
        ) { $1 }
        #expect(known.count == members.count && members.count > 20)
        // The end of the tar has no name.
        #expect(try self.members(scratch, "plain.tgz", before).keys.filter { known[$0] != nil }.count <= 1)
        var after = before
        after[5] = .file(after[5].entry.path, Array("new".utf8))
        let misses = Mutex(0)
        let lookup: MemberLookup = { content in
            if known[content] == nil { misses.withLock { $0 += 1 } }
            return known[content]
        }
        let changed = zip(after, names).map { ($0, $1 == 5 ? 100 : $1) }
        #expect(try write(changed, scratch, lookup).layer == scratch.write("plain.tgz", after))
        #expect((1...3).contains(misses.withLock { $0 }))
        // Whoever gives other bytes the same name is not believed either.
        #expect(try write(Array(zip(after, names)), scratch, lookup).layer == scratch.write("plain.tgz", after))
    }

    @Test("a content's name tells every byte, name and part of it, and nothing else")
    func contentNames() {
        func name(
            _ member: [UInt8] = [1, 2, 3, 4, 5, 6], at start: UInt64 = 100, with named: [(Range<UInt64>, UInt8)]
        ) -> Digest? {
            var names = MemberName()
            for (bytes, name) in named { names.add([name], of: bytes) }
            return names.name(of: member, at: start)
        }
        let usual = name(with: [(102..<104, 7)])
        #expect(usual != nil && name(with: []) == nil && name(with: [(106..<108, 7)]) == nil)
        #expect(name([1, 2, 0, 0, 5, 6], with: [(102..<104, 7)]) == usual)
        #expect(name(at: 200, with: [(202..<204, 7), (300..<301, 9)]) == usual)
        let others = [
            name([0, 2, 3, 4, 5, 6], with: [(102..<104, 7)]), name([1, 2, 3, 4, 5, 0], with: [(102..<104, 7)]),
            name(with: [(102..<104, 8)]),
            name(with: [(103..<104, 7)]), name(with: [(102..<105, 7)]), name(with: [(98..<104, 7)]),
            name(with: [(102..<103, 7), (103..<104, 7)]),
            name(with: [(104..<110, 7)]), name([1, 2, 3, 4, 5], with: [(102..<104, 7)]), name(with: [(99..<101, 7)]),
            name(with: [(102..<103, 7), (103..<105, 8)]), name(with: [(102..<104, 7), (104..<105, 8)]),
        ]
        #expect(Set(others + [usual]).count == others.count + 1 && !others.contains(nil))
    }

    @Test("a file that lies in several members is told in each which part of it is meant")
    func parts() {
        var names = MemberName()
        names.add([7], of: 0..<12)
        let parts = [0, 4, 8].map { names.name(of: [0, 0, 0, 0], at: $0) }
        #expect(Set(parts).count == 3 && !parts.contains(nil) && names.name(of: [0, 0, 0, 0], at: 12) == nil)
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
            #expect(try scratch.shell("\(cut) | gzip -dc | sha256sum").prefix(64) == member.content.hex)
        }
        #expect(try scratch.bytes("l.tgz").count == writer.members.map(\.size).reduce(0, +))
    }
}
