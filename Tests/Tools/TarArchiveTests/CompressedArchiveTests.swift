import BakeModel
import LinuxSystem
import Testing

@testable import TarArchive

/// What surrounds the tar: gzip members, zstd frames, their checks and their bombs.
@Suite struct CompressedArchiveTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.shell(
            """
            head -c 1300000 /dev/urandom >noise; seq 30000 >text; tar -cf a.tar noise text
            gzip -kn a.tar; zstd -q --check a.tar; pigz --version >/dev/null 2>&1 || true
            """)
    }

    private static let recipes = [
        "cat a.tar", "cat a.tar.gz", "cat a.tar.zst", "split -b 100000 --filter='gzip -cn' a.tar",
        "split -b 1400000 --filter='gzip -cn' a.tar", "split -b 700000 --filter='zstd -qc' a.tar",
        "gzip -cN a.tar", "(gzip -cn </dev/null; cat a.tar.gz; gzip -cn </dev/null)",
    ]

    @Test("every form gives the same tar and the digest of what is stored", arguments: recipes)
    func forms(command: String) throws {
        try scratch.shell("\(command) >form")
        let (summary, entries) = try scratch.read("form")
        let sums = try scratch.shell("sha256sum <form; sha256sum <a.tar; stat -c %s form a.tar").split(separator: "\n")
        #expect(summary.blob.hex == sums[0].prefix(64))
        #expect(summary.diffID.digest.hex == sums[1].prefix(64))
        #expect(["\(summary.size)", "\(summary.tarSize)"] == sums[2...].map(String.init))
        #expect(entries.map(\.content) == [try scratch.bytes("noise"), try scratch.bytes("text")])
    }

    @Test("what comes through a pipe of bake's own is checked all the same")
    func piped() throws {
        var names: [TreePath] = []
        let size = try ArchiveReader.read(piped: try scratch.open("a.tar")) { entry, _ in names.append(entry.path) }
        #expect(try "\(size)\n" == scratch.shell("stat -c %s a.tar"))
        #expect(names.map(\.description) == ["noise", "text"])
        try scratch.shell("head -c 1300000 a.tar >cut; (cat a.tar; head -c 3000000 /dev/zero; echo more) >longer")
        for name in ["cut", "longer"] {
            #expect(throws: ArchiveReadError.self) {
                try ArchiveReader.read(piped: try scratch.open(name)) { _, content in _ = try content.readAll() }
            }
        }
    }

    private func damage(_ command: String, at position: String = "size//2", _ change: String) throws -> ArchiveReadError
        .Fault?
    {
        try scratch.shell("\(command) >good")
        try scratch.python(
            """
            b = bytearray(open('good','rb').read()); size = len(b); at = \(position)
            \(change)
            open('bad','wb').write(b)
            """)
        return try scratch.fault("bad")
    }

    private func isDamaged(_ fault: ArchiveReadError.Fault?) -> Bool {
        if case .damagedCompression = fault { true } else { false }
    }

    @Test(
        "one changed byte of a member's CRC or length", arguments: [recipes[1], recipes[3]],
        ["size-8", "size-4", "size-1"])
    func trailer(command: String, position: String) throws {
        #expect(isDamaged(try damage(command, at: position, "b[at] ^= 1")))
    }

    @Test("a zstd frame with a wrong checksum")
    func zstdChecksum() throws {
        #expect(isDamaged(try damage(Self.recipes[2], at: "size-1", "b[at] ^= 1")))
    }

    @Test("stored bytes that end too early", arguments: [recipes[1], recipes[2], recipes[3]], ["1", "4", "9", "100"])
    func truncated(command: String, missing: String) throws {
        let fault = try damage(command, "del b[size-\(missing):]")
        #expect(fault == .truncated || isDamaged(fault))
    }

    @Test("bytes behind the last member or frame", arguments: [recipes[1], recipes[3], recipes[2]])
    func trailing(command: String) throws {
        for rest in ["b'x'", "b'\\\\0'*512", "b'\\\\x1f'"] {
            let fault = try damage(command, "b += \(rest)")
            #expect(fault == .trailingData || isDamaged(fault))
        }
    }

    @Test("a zstd stream inside a zstd stream or in gzip is no tar")
    func nested() throws {
        try scratch.shell("zstd -qc a.tar.zst >zz; gzip -c a.tar.gz >gg; gzip -c a.tar.zst >zg")
        for name in ["zz", "gg", "zg"] { #expect(try scratch.fault(name) == .badHeader) }
    }

    @Test("a bomb is refused before it is unpacked, in every form")
    func bomb() throws {
        try scratch.shell(
            "truncate -s 100M zeros; tar -cf - zeros | gzip -1n >b.gz; gzip -dc b.gz | zstd -q >b.zst")
        #expect(try scratch.fault("b.gz") == .ratio(200))
        #expect(try scratch.fault("b.zst") == .ratio(200))
        try scratch.shell("tar -S --format=pax -cf sparse.tar zeros; rm zeros")
        #expect(try scratch.fault("sparse.tar") == .ratio(200))
        var limits = ArchiveLimits()
        limits.ratio = 2000
        #expect(try scratch.fault("b.gz", limits: limits) == nil)
    }
}
