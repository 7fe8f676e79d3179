import BakeModel
import LinuxSystem
import Testing

@testable import TarArchive

/// Archives made to deceive, each refused for its own reason.
@Suite struct HostileArchiveTests {
    private typealias Fault = ArchiveReadError.Fault

    private func fault(_ tar: [UInt8]..., limits: ArchiveLimits = ArchiveLimits()) throws -> Fault? {
        let scratch = try Scratch()
        _ = try scratch.create("a.tar", tar.flatMap { $0 })
        return try scratch.fault("a.tar", limits: limits)
    }

    private let file = RawTar.entry("file", data: Array("data".utf8))

    @Test("the archives below would be fine without their fault")
    func control() throws {
        #expect(try fault(file, RawTar.end) == nil)
        #expect(try fault(RawTar.end) == nil)
        #expect(try fault(RawTar.pax(("path", "other")), file, RawTar.end) == nil)
        #expect(try fault(RawTar.pax(("comment", "x"), type: "g"), file, RawTar.end) == nil)
        #expect(try fault(RawTar.entry("f", type: "L", data: Array("name\0".utf8)), file, RawTar.end) == nil)
    }

    @Test("names that leave the root", arguments: ["..", "../a", "a/../../b", "/../a", "a/.."])
    func parents(name: String) throws {
        #expect(try fault(RawTar.entry(name), RawTar.end) == .leavesRoot)
        #expect(try fault(RawTar.entry("a", type: "1", target: name), RawTar.end) == .leavesRoot)
        #expect(try fault(RawTar.pax(("path", name)), file, RawTar.end) == .leavesRoot)
    }

    @Test("names that are none, or too long or deep")
    func names() throws {
        #expect(try fault(RawTar.entry(""), RawTar.end) == .noName)
        #expect(try fault(RawTar.entry("."), RawTar.end) == .noName)
        #expect(try fault(RawTar.entry("a", type: "1", target: "."), RawTar.end) == .noName)
        #expect(try fault(RawTar.entry("a", type: "2"), RawTar.end) == .noName)
        let long = String(repeating: "n", count: 256)
        #expect(try fault(RawTar.pax(("path", long)), file, RawTar.end) == .nameTooLong)
        let deep = String(repeating: "a/", count: 129)
        #expect(try fault(RawTar.pax(("path", deep)), file, RawTar.end) == .nameTooLong)
        let target = String(repeating: "t", count: 4096)
        #expect(
            try fault(RawTar.pax(("linkpath", target)), RawTar.entry("a", type: "2", target: "x"), RawTar.end)
                == .nameTooLong)
    }

    @Test("a NUL inside a name, which libarchive takes for its end")
    func nul() throws {
        #expect(try fault(RawTar.pax(("path", "etc/passwd\0.txt")), file, RawTar.end) == .containsNUL)
        let link = RawTar.entry("a", type: "2", target: "x")
        #expect(try fault(RawTar.pax(("linkpath", "a\0b")), link, RawTar.end) == .containsNUL)
        let long = RawTar.entry("l", type: "L", data: Array("etc/passwd\0.txt\0".utf8))
        #expect(try fault(long, file, RawTar.end) == .containsNUL)
    }

    @Test("kinds that are no part of a layer")
    func kinds() throws {
        #expect(try fault(RawTar.entry("a", type: "3"), RawTar.end) == .device)
        #expect(try fault(RawTar.entry("a", type: "4"), RawTar.end) == .device)
        for type in "MVDNXAZ" {
            let code = try #require(type.asciiValue)
            #expect(try fault(RawTar.entry("a", type: type), RawTar.end) == .unknownType(code))
        }
    }

    @Test(
        "links and directories with data, which readers skip or do not", arguments: ["1", "2", "5", "6"] as [Character])
    func linkData(type: Character) throws {
        let entry = RawTar.entry("a", type: type, data: RawTar.entry("hidden"), target: "b")
        #expect(try fault(entry, RawTar.end) == .dataOfLink)
    }

    @Test("a file whose name ends like a directory's, whose data readers skip or do not")
    func fileLikeDirectory() throws {
        let entry = RawTar.entry("a/", data: RawTar.entry("hidden"))
        #expect(try fault(entry, RawTar.end) == .dataOfLink)
        #expect(try fault(RawTar.pax(("path", "a/")), RawTar.entry("a", data: [1]), RawTar.end) == .dataOfLink)
    }

    @Test("extension headers that readers take differently")
    func extensions() throws {
        func isBadExtension(_ tar: [UInt8]...) throws -> Bool {
            guard case .badExtension = try fault(tar.flatMap { $0 } + file + RawTar.end) else { return false }
            return true
        }
        let path = RawTar.pax(("path", "a"))
        let long = RawTar.entry("l", type: "L", data: Array("b\0".utf8))
        #expect(try isBadExtension(path, path))
        #expect(try isBadExtension(path, long))
        #expect(try isBadExtension(long, path))
        #expect(try isBadExtension(long, long))
        #expect(try isBadExtension(RawTar.pax(("path", "a"), ("path", "b"))))
        #expect(try isBadExtension(RawTar.pax(("size", "1x"))))
        #expect(try isBadExtension(RawTar.pax(("path", "a"), type: "g")))
        for text in ["7 a=b", "99 a=b\n", "6 a=b\nx", "x a=b\n", " a=b\n", "5 ab\n", "5 =b\n", "-6 a=b\n"] {
            #expect(try isBadExtension(RawTar.entry("x", type: "x", data: Array(text.utf8))), "\(text)")
        }
        #expect(try fault(path, RawTar.end) == .badExtension("an extension header belongs to no entry"))
    }

    @Test("numbers with rubbish behind them, wrong sums, negative and enormous sizes")
    func headers() throws {
        #expect(try fault(RawTar.entry("a", size: "0000000000x"), RawTar.end) == .badHeader)
        #expect(try fault(RawTar.entry("a", size: "-0000000001"), RawTar.end) == .badHeader)
        var wrong = file
        wrong[0] ^= 1
        #expect(try fault(wrong, RawTar.end) == .badHeader)
        let terabyte = RawTar.pax(("size", "1099511627776"))
        #expect(try fault(terabyte, file, RawTar.end) == .tooManyBytes(64 << 30))
        #expect(try fault(RawTar.pax(("uid", "4294967296")), file, RawTar.end) == .ownerOutOfRange)
        #expect(try fault(RawTar.pax(("gid", "-1")), file, RawTar.end) == .ownerOutOfRange)
    }

    @Test("archives that end too early")
    func truncated() throws {
        let whole = file + RawTar.end
        for length in [1, 511, 512, 513, 1023, 1024, 1025, 1536, 2047] {
            #expect(try fault(Array(whole.prefix(length))) == .truncated, "\(length) bytes")
        }
        #expect(try fault([]) == .truncated)
    }

    @Test("data behind the end: an archive behind an archive, one block between, a stray byte")
    func trailing() throws {
        #expect(try fault(file, RawTar.end, file, RawTar.end) == .trailingData)
        #expect(try fault(file, Array(RawTar.end.prefix(512)), file, RawTar.end) == .trailingData)
        #expect(try fault(file, RawTar.end, [0, 0, 1]) == .trailingData)
        #expect(try fault(file, RawTar.end, RawTar.end) == nil)
    }

    @Test("two values of one attribute")
    func attributes() throws {
        let one = RawTar.pax(("SCHILY.xattr.user.a", "1"), ("LIBARCHIVE.xattr.user.a", "MQ"))
        #expect(try fault(one, file, RawTar.end) == nil)
        let two = RawTar.pax(("SCHILY.xattr.user.a", "1"), ("LIBARCHIVE.xattr.user.a", "Mg"))
        #expect(try fault(two, file, RawTar.end) == .badAttribute)
    }

    @Test("more entries, bytes or growth than the limits")
    func limits() throws {
        var limits = ArchiveLimits()
        limits.entries = 1
        #expect(try fault(file, RawTar.end, limits: limits) == nil)
        #expect(try fault(file, file, RawTar.end, limits: limits) == .tooManyEntries(1))
        limits = ArchiveLimits()
        limits.bytes = 2048
        #expect(try fault(file, RawTar.end, limits: limits) == nil)
        #expect(try fault(file, file, RawTar.end, limits: limits) == .tooManyBytes(2048))
        limits = ArchiveLimits()
        limits.extensionBytes = 100
        #expect(
            try fault(RawTar.pax(("path", String(repeating: "n", count: 120))), file, RawTar.end, limits: limits)
                == .nameTooLong)
    }

    @Test("text, an empty zip and a cpio are no tar")
    func otherFormats() throws {
        let text = Array(String(repeating: "no tar\n", count: 200).utf8)
        let zip = Array("PK\u{5}\u{6}".utf8) + [UInt8](repeating: 0, count: 1020)
        for bytes in [text, zip, Array("070701".utf8) + [UInt8](repeating: 0x30, count: 1018)] {
            #expect(try fault(bytes) == .badHeader)
        }
    }
}
