import BakeModel
import Foundation
import Glibc
import LinuxSystem
import Testing

@testable import TarArchive

@Suite struct LayerWriterTests {
    @Test("foreign sums of the stored bytes and of the tar are the layer's digests and sizes", arguments: [1, 2, 9])
    func digests(threads: Int) throws {
        let scratch = try Scratch()
        let layer = try scratch.write("l.tgz", SampleTree.entries, threads: threads)
        try scratch.shell("gzip -t l.tgz; gzip -dc l.tgz >l.tar")
        let sums = try scratch.shell("sha256sum <l.tgz; sha256sum <l.tar; stat -c %s l.tgz l.tar").split(
            separator: "\n")
        #expect(sums[0].prefix(64) == layer.blob.hex)
        #expect(sums[1].prefix(64) == layer.diffID.digest.hex)
        #expect(sums[2...].map(String.init) == ["\(layer.size)", "\(layer.tarSize)"])
    }

    @Test("the number of threads does not change a byte", arguments: [Compression.fast, .small])
    func threads(compression: Compression) throws {
        let scratch = try Scratch()
        let one = try scratch.write("1.tgz", SampleTree.entries, compression: compression, threads: 1)
        let four = try scratch.write("4.tgz", SampleTree.entries, compression: compression, threads: 4)
        #expect(one == four)
        #expect(try scratch.bytes("1.tgz") == scratch.bytes("4.tgz"))
    }

    @Test("both levels hold the same tar, and small is smaller")
    func levels() throws {
        let scratch = try Scratch()
        let fast = try scratch.write("fast.tgz", SampleTree.entries, compression: .fast)
        let small = try scratch.write("small.tgz", SampleTree.entries, compression: .small)
        #expect(fast.diffID == small.diffID)
        #expect(small.size < fast.size)
    }

    @Test("what is not compressed is the tar of the layer")
    func plain() throws {
        let scratch = try Scratch()
        try scratch.write("l.tgz", SampleTree.entries)
        let writer = try TarWriter(to: scratch.create("l.tar"))
        for entry in SampleTree.entries {
            if case .regular = entry.entry.kind {
                try writer.append(entry.entry, content: reading(entry.content))
            } else {
                try writer.append(entry.entry, content: nil)
            }
        }
        try writer.finish()
        try scratch.shell("gzip -dc l.tgz | cmp - l.tar")
        #expect(throws: LayerWriteError.closed) { try writer.finish() }
    }

    @Test("what an earlier call left in errno is no fault of a name that is not UTF-8")
    func staleNumber() throws {
        let scratch = try Scratch()
        let layer = try scratch.write("l.tgz", SampleTree.entries)
        errno = ENOMEM
        #expect(try scratch.write("m.tgz", SampleTree.entries) == layer)
    }

    @Test("the locale of the process does not change a byte", arguments: ["C", "C.UTF-8", "POSIX"])
    func locale(name: String) async throws {
        let scratch = try Scratch()
        let blob: String = try scratch.write("l.tgz", SampleTree.entries).blob.hex
        await #expect(processExitsWith: .success) { [name = name as String, blob = blob as String] in
            try #require(setlocale(LC_ALL, name) != nil)
            #expect(try Scratch().write("l.tgz", SampleTree.entries).blob.hex == blob)
        }
    }

    @Test("members have no name and no time; the extra field is the member's length (RFC 1952, 2.3.1)")
    func memberHeader() throws {
        let scratch = try Scratch()
        try scratch.write("l.tgz", SampleTree.entries)
        try scratch.write("s.tgz", SampleTree.entries, compression: .small)
        let (magic, mark): ([UInt8], [UInt8]) = ([0x1f, 0x8b, 8, 4, 0, 0, 0, 0], [255, 8, 0, 0x42, 0x4b, 4, 0])
        #expect(try scratch.bytes("l.tgz").prefix(16) == magic + [4] + mark)
        #expect(try scratch.bytes("s.tgz").prefix(16) == magic + [0] + mark)
        let sizes = try MemberSizes(of: "l.tgz", in: scratch)
        #expect(sizes.plain.count > 2)
        #expect(sizes.plain.dropLast().allSatisfy { (32 << 10...256 << 10).contains($0) })
        #expect(sizes.claimed == sizes.stored)
    }

    @Test("an entry that fits ustar has no pax header; time, names and device numbers are constant (POSIX ustar)")
    func ustarHeader() throws {
        let scratch = try Scratch()
        let owner = Owner(user: 1000, group: 50)
        let layer = try scratch.write("l.tgz", [.file(TreePath("etc/motd"), Array("hi\n".utf8), owner: owner)])
        #expect(layer.tarSize == 512 + 512 + 1024)
        let tar = Array(try scratch.shell("gzip -dc l.tgz").utf8)
        func field(_ start: Int, _ end: Int) -> String { String(decoding: tar[start..<end], as: UTF8.self) }
        #expect(field(0, 100) == "etc/motd" + String(repeating: "\0", count: 92))
        #expect(field(100, 108) == "000644 \0")
        #expect(field(108, 124) == "001750 \0000062 \0")
        #expect(field(124, 136) == "00000000003 ")
        // 1577836800 is 2020-01-01T00:00:00Z.
        #expect(Int(field(136, 147), radix: 8) == 1_577_836_800)
        #expect(field(156, 157) == "0")
        #expect(field(257, 265) == "ustar\u{0}00")
        #expect(field(265, 329).allSatisfy { $0 == "\0" })
        #expect(field(512, 515) == "hi\n")
    }

    @Test("an abandoned layer leaves no thread behind and writes no end")
    func abandoned() throws {
        let scratch = try Scratch()
        do {
            let writer = try LayerWriter(to: scratch.create("l.tgz"), threads: 2)
            try writer.append(.file(TreePath("a"), [1]))
        }
        #expect(try scratch.bytes("l.tgz").isEmpty)
    }

    @Test("a full disk is the error of the descriptor")
    func fullDisk() throws {
        let full = try Descriptor.open("/dev/full", O_WRONLY)
        let error = #expect(throws: SystemError.self) {
            let writer = try LayerWriter(to: full, threads: 2)
            for entry in SampleTree.entries { try writer.append(entry) }
            _ = try writer.finish()
        }
        #expect(error?.number == ENOSPC)
    }
}
