import BakeModel
import LinuxSystem
import Testing

@testable import TarArchive

@Suite struct SpooledArchiveTests {
    @Test("what was written is read back: entries, bytes, digests")
    func roundTrip() throws {
        let scratch = try Scratch()
        let layer = try scratch.write("l.tgz", SampleTree.entries)
        let (summary, entries) = try scratch.read("l.tgz")
        #expect(summary.layer == layer)
        #expect(entries == SampleTree.entries)
        #expect(summary.entries == entries.count)
    }

    @Test("content that is not read is passed over, and is gone afterwards")
    func skipping() throws {
        let scratch = try Scratch()
        let layer = try scratch.write("l.tgz", SampleTree.entries)
        var kept: ArchiveContent?
        let summary = try ArchiveReader.read(scratch.open("l.tgz")) { _, content in kept = content }
        #expect(summary.layer == layer)
        let error = #expect(throws: ArchiveReadError.self) { _ = try kept?.all() }
        #expect(error?.fault == .contentClosed)
    }

    @Test("files can be had in any order and become the same layer again")
    func rewrite() throws {
        let scratch = try Scratch()
        let layer = try scratch.write("l.tgz", SampleTree.entries)
        let spooled = try SpooledArchive(reading: scratch.open("l.tgz"), in: scratch.path, expecting: layer)
        for number in spooled.entries.indices.reversed() where spooled.content(of: number) != nil {
            #expect(spooled.size(of: number) == UInt64(try bytes(spooled, number).count))
        }
        let writer = try LayerWriter(to: scratch.create("2.tgz"), threads: 2)
        for (number, entry) in spooled.entries.enumerated() {
            guard case .regular = entry.kind else {
                try writer.append(entry)
                continue
            }
            try writer.append(entry, content: spooled.content(of: number))
        }
        #expect(try writer.finish() == layer)
        #expect(try scratch.shell("ls -A") == "2.tgz\nl.tgz\n")
    }

    @Test("a hard link has the bytes of its target; a directory has none")
    func links() throws {
        let scratch = try Scratch()
        try scratch.write("l.tgz", SampleTree.entries)
        let spooled = try SpooledArchive(reading: scratch.open("l.tgz"), in: scratch.path)
        let same = try #require(spooled.entries.firstIndex { $0.path == TreePath("bin/same") })
        #expect(try bytes(spooled, same) == SampleTree.large)
        #expect(spooled.content(of: 0) == nil)
    }

    @Test("names of one file are known as such by where the archive stands: a path that is taken again is another file")
    func names() throws {
        let scratch = try Scratch()
        // a, b → a, then a again with other bytes, c → a: b is the first file, c the second.
        try scratch.python(
            """
            import io, tarfile
            out = tarfile.open("\(scratch.path)/a.tar", "w")
            for name, link, text in [("a", None, b"one"), ("b", "a", None), ("a", None, b"second"), ("c", "a", None)]:
                member = tarfile.TarInfo(name)
                if link: member.type, member.linkname = tarfile.LNKTYPE, link
                else: member.size = len(text)
                out.addfile(member, io.BytesIO(text) if text else None)
            out.close()
            """)
        let spooled = try SpooledArchive(reading: scratch.open("a.tar"), in: scratch.path)
        let files = spooled.entries.indices.map { spooled.file(of: $0) }
        #expect(files.map(\.entry.path) == ["a", "b", "a", "c"].map { TreePath($0) })
        #expect(files.map(\.entry.kind) == [3, 3, 6, 6].map { .regular(size: $0) })
        #expect(files.map(\.original) == [0, 0, 2, 2])
        #expect(try bytes(spooled, 1) == Array("one".utf8))
        #expect(try bytes(spooled, 3) == Array("second".utf8))
    }

    @Test("another layer than the expected one is refused")
    func otherLayer() throws {
        let scratch = try Scratch()
        let layer = try scratch.write("l.tgz", SampleTree.entries)
        let other = Layer(blob: layer.blob, size: layer.size + 1, diffID: layer.diffID, tarSize: layer.tarSize)
        let error = #expect(throws: ArchiveReadError.self) {
            _ = try SpooledArchive(reading: scratch.open("l.tgz"), in: scratch.path, expecting: other)
        }
        #expect(error?.fault == .otherDigest)
        #expect(error?.exit == .damaged)
    }

    private func bytes(_ spooled: SpooledArchive, _ number: Int) throws -> [UInt8] {
        let content = try #require(spooled.content(of: number))
        var buffer = [UInt8](repeating: 0, count: 65_537)
        var bytes: [UInt8] = []
        while true {
            let count = try buffer.withUnsafeMutableBytes { try content($0) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }
}
