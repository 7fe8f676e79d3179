import BakeModel
import LinuxSystem
import Testing

@testable import TarArchive

/// GNU tar and bsdtar must see what was written.
@Suite struct ForeignReadersTests {
    private static let gnu = "tar --xattrs --xattrs-include='*' -xpzf ../l.tgz"
    /// bsdtar 3.6.2 composes names, so that of two spellings one would replace the other.
    private static let bsd = "bsdtar -xpf ../l.tgz"

    @Test("GNU tar and bsdtar extract every name, link, mode, owner, time and byte", arguments: [gnu, bsd])
    func extract(command: String) throws {
        let scratch = try Scratch()
        let isBSD = command == Self.bsd
        try scratch.write(
            "l.tgz", SampleTree.entries.filter { !isBSD || $0.entry.path.bytes != SampleTree.decomposed })
        try scratch.shell("mkdir out; cd out; \(command)")
        let long = SampleTree.longName
        let listing = try scratch.shell(
            #"cd out; find . -type f -printf '%P %m %U:%G %s %n %Ts\n' | grep -v '^names/' | sort"#)
        #expect(
            listing == """
                bin/large 4755 1000:50 3000000 2 1577836800
                bin/same 4755 1000:50 3000000 2 1577836800
                deep/\(long)/\(long)/file 644 0:0 4 1 1577836800
                empty 644 4000000000:3000000000 0 1 1577836800
                ping 755 0:0 4 1 1577836800

                """)
        #expect(try scratch.shell(#"cat out/names/$'bad\xff\xfe' out/names/$'\xc3\xa9'"#) == "bytesone")
        if !isBSD { #expect(try scratch.shell(#"cat out/names/$'e\xcc\x81'"#) == "two") }
        let others = try scratch.shell("readlink out/bin/link; stat -c '%F %a' out/pipe out/names")
        #expect(others == "../names/é\nfifo 600\ndirectory 1777\n")
        #expect(try scratch.bytes("out/bin/large") == SampleTree.large)
    }

    @Test("GNU tar restores extended attributes, file capabilities too")
    func attributes() throws {
        let scratch = try Scratch()
        try scratch.write("l.tgz", SampleTree.entries)
        try scratch.shell("mkdir out; cd out; \(Self.gnu)")
        let values = try scratch.shell("getfattr -d -m - -e hex out/ping | grep = | sort")
        #expect(
            values == """
                security.capability=0x0100000200040000000000000000000000000000
                user.a=0x
                user.b=0x000a3dff

                """)
    }

    @Test("attributes stand in the order of their names, in one family of records")
    func attributeOrder() throws {
        let scratch = try Scratch()
        try scratch.write("l.tgz", SampleTree.entries)
        let keys = try scratch.shell(
            "python3 -c \"import tarfile; print(*tarfile.open('l.tgz').getmember('ping').pax_headers)\"")
        #expect(keys == "SCHILY.xattr.security.capability SCHILY.xattr.user.a SCHILY.xattr.user.b\n")
    }

    @Test("Python's tarfile sees the same names and pax records")
    func python() throws {
        let scratch = try Scratch()
        try scratch.write("l.tgz", SampleTree.entries)
        let names = try scratch.shell(
            "python3 -c \"import tarfile; print(*[ascii(m.name) for m in tarfile.open('l.tgz')], sep=chr(10))\"")
        #expect(names.split(separator: "\n").count == SampleTree.entries.count)
        #expect(names.contains("'names/e\\u0301'"))
        #expect(names.contains("'names/bad\\udcff\\udcfe'"))
    }
}
