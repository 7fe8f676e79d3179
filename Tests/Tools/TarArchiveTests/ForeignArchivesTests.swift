import BakeModel
import Foundation
import LinuxSystem
import Testing

@testable import TarArchive

/// Archives that GNU tar, bsdtar and Python write, read right.
@Suite struct ForeignArchivesTests {
    private let scratch: Scratch

    private static let make = """
        mkdir -p t/names t/deep; cd t
        echo hello >plain; chown 4000:50 plain; chmod 4755 plain; ln plain same; ln -s ../é link; mkfifo pipe
        printf one >names/$'\\xc3\\xa9'; printf two >names/$'e\\xcc\\x81'; printf raw >names/$'bad\\xff'
        L=$(printf 'n%.0s' $(seq 150)); mkdir -p deep/$L; printf deep >deep/$L/$L
        setfattr -n user.b -v 2 plain; setfattr -n user.a -v 0x00ff plain
        """

    init() throws {
        scratch = try Scratch()
        try scratch.shell(Self.make)
    }

    private static let writers = [
        "tar --format=pax --xattrs -cf a.tar -C t .", "tar --format=posix --xattrs -czf a.tar -C t .",
        "tar --format=gnu -cf a.tar -C t .", "tar --format=gnu --zstd -cf a.tar -C t .",
        "bsdtar --format pax -cf a.tar -C t .", "bsdtar --format gnutar -czf a.tar -C t .",
        "cd t; tar --format=pax -P -cf ../a.tar --transform 's,^,/x/.//,S' .",
    ]

    @Test("names, kinds, owners and bytes", arguments: writers)
    func read(command: String) throws {
        try scratch.shell(command)
        let entries = try scratch.read("a.tar").1
        let prefix = command.contains("transform") ? "x/" : ""
        func entry(_ path: [UInt8]) throws -> ReadEntry {
            let path = TreePath(known: Array(prefix.utf8) + path)
            return try #require(entries.first { $0.entry.path == path }, "\(path)")
        }
        func content(_ path: [UInt8]) throws -> String { String(decoding: try entry(path).content, as: UTF8.self) }
        #expect(entries.count == 12)
        #expect(try content(Array("names/\u{e9}".utf8)) == "one")
        #expect(try content(Array("names/e\u{301}".utf8)) == "two")
        #expect(try content(Array("names/bad".utf8) + [0xff]) == "raw")
        let long = String(repeating: "n", count: 150)
        #expect(try content(Array("deep/\(long)/\(long)".utf8)) == "deep")
        #expect(try entry(Array("link".utf8)).entry.kind == .symlink(target: Array("../é".utf8)))
        #expect(try entry(Array("pipe".utf8)).entry.kind == .fifo)
        let names = ["plain", "same"].map { TreePath(prefix + $0) }
        let pair = entries.filter { names.contains($0.entry.path) }
        #expect(pair.map(\.entry.mode) == [0o4755, 0o4755])
        #expect(pair[0].entry.owner == Owner(user: 4000, group: 50))
        #expect(pair[0].content == Array("hello\n".utf8))
        #expect(pair[1].entry.kind == .hardlink(to: pair[0].entry.path))
    }

    @Test("attributes of both families come once, sorted", arguments: [writers[0], writers[4]])
    func attributes(command: String) throws {
        try scratch.shell(command)
        let plain = try #require(try scratch.read("a.tar").1.first { !$0.entry.attributes.isEmpty })
        #expect(
            plain.entry.attributes == [
                ExtendedAttribute(name: "user.a", value: [0, 255]), ExtendedAttribute(name: "user.b", value: [50]),
            ])
    }

    @Test(
        "the root of a tar is a directory, and the locale of the process changes no name", arguments: ["C", "C.UTF-8"])
    func locale(name: String) async throws {
        try scratch.shell(Self.writers[0])
        let path: String = scratch.path
        await #expect(processExitsWith: .success) { [name = name as String, path = path as String] in
            try #require(setlocale(LC_ALL, name) != nil)
            var names: [[UInt8]] = []
            _ = try ArchiveReader.read(Descriptor.open("\(path)/a.tar", O_RDONLY)) { entry, _ in
                names.append(entry.path.bytes)
            }
            #expect(names.first == [])
            #expect(names.contains(Array("names/e\u{301}".utf8)))
            #expect(names.contains(Array("names/\u{e9}".utf8)))
        }
    }

    @Test(
        "sparse files come with their holes",
        arguments: [
            "--format=gnu", "--format=pax --sparse-version=0.0", "--format=pax --sparse-version=0.1", "--format=pax",
        ])
    func sparse(format: String) throws {
        try scratch.shell(
            """
            mkdir s; cd s; truncate -s 1M hole; cp --sparse=always hole end; printf start | dd of=end conv=notrunc status=none
            truncate -s 300K many; for i in $(seq 1 30); do printf $i | dd of=many bs=1 seek=$((i*9000)) conv=notrunc status=none; done
            tar -S \(format) -cf ../a.tar *
            """)
        for read in try scratch.read("a.tar").1 {
            #expect(read.content == (try scratch.bytes("s/\(read.entry.path)")), "\(read.entry.path)")
        }
        #expect(try scratch.read("a.tar").1.count == 3)
    }

    @Test("files of more than 8 GiB, whose size octal digits cannot hold", arguments: ["gnu", "pax"])
    func enormous(format: String) throws {
        try scratch.shell("truncate -s 9G big; tar -S --format=\(format) -cf a.tar big")
        var kinds: [TreeEntry.Kind] = []
        _ = try ArchiveReader.read(scratch.open("a.tar")) { entry, _ in kinds.append(entry.kind) }
        #expect(kinds == [.regular(size: 9 << 30)])
        var limits = ArchiveLimits()
        limits.bytes = 8 << 30
        #expect(try scratch.fault("a.tar", limits: limits) == .tooManyBytes(8 << 30))
    }

    @Test("an ACL does not change the mode that the header has")
    func accessControl() throws {
        let records = RawTar.pax(("SCHILY.acl.access", "user::rwx,group::---,other::r--,user:5:rwx,mask::rwx"))
        _ = try scratch.create("a.tar", records + RawTar.entry("a", mode: "0000674") + RawTar.end)
        #expect(try scratch.read("a.tar").1.map(\.entry.mode) == [0o674])
    }

    @Test("devices below dev are passed over where that is asked for")
    func devices() throws {
        let entries = RawTar.entry("./dev/null", type: "3") + RawTar.entry("a")
        _ = try scratch.create("a.tar", entries + RawTar.end)
        _ = try scratch.create("b.tar", RawTar.entry("device/null", type: "3") + RawTar.end)
        var limits = ArchiveLimits()
        limits.devices = .skippedBelowDev
        let (summary, read) = try scratch.read("a.tar", limits: limits)
        #expect(read.map(\.entry.path) == [TreePath("a")])
        #expect(summary.entries == 1 && summary.skipped == 1)
        #expect(try scratch.fault("b.tar", limits: limits) == .device)
    }

    @Test("git's archives, with their global comment")
    func git() throws {
        try scratch.shell(
            """
            git init -q r; cd r; echo a >a; git add a
            git -c user.name=a -c user.email=a@b commit -qm a; git archive --format=tar.gz -o ../a.tar HEAD
            """)
        #expect(try scratch.read("a.tar").1.map(\.content) == [Array("a\n".utf8)])
    }

    @Test("Docker's empty layer: 1,024 zeros in gzip")
    func empty() throws {
        try scratch.shell("head -c 1024 /dev/zero | gzip -n >a.tar")
        let (summary, entries) = try scratch.read("a.tar")
        #expect(entries.isEmpty)
        #expect(summary.diffID.description == "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef")
    }
}
