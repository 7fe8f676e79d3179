import BakeModel
import BlobStorage
import Foundation
import LinuxSystem
import TarArchive
import Testing

@testable import RootFilesystem

/// Layers of strangers over each other: what the OCI specification says, and nothing outside the root.
@Suite struct LayerTests {
    private let bench: Workbench
    private let base: Layer

    init() throws {
        bench = try Workbench()
        base = try bench.busybox()
    }

    private static func isExt4(_ path: String) throws -> Bool {
        try CompletedProcess.run("/usr/bin/stat", ["-f", "-c", "%T", path], environment: []).text == "ext2/ext3\n"
    }

    /// Or each new file is looked for among all that were deleted lately.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/lsattr")))
    func scratchDirectoriesLieApart() throws {
        try bench.workshop.unpack([base])
        guard try Self.isExt4(bench.store.temporary) else { return }
        let flags = try CompletedProcess.run(
            "/usr/bin/lsattr", ["-d", bench.store.temporary], environment: []
        ).text
        #expect(flags.split(separator: " ").first?.contains("T") == true, "\(flags)")
    }

    /// A layer from a tar that Python writes: anything at all may be in it.
    private func foreign(_ script: String) throws -> Layer {
        let path = "\(bench.directory)/foreign-\(UInt64.random(in: .min ... .max)).tar.gz"
        let program = """
            import io, tarfile
            archive = tarfile.open(\"\(path)\", \"w:gz\", format=tarfile.PAX_FORMAT)
            def put(name, kind=tarfile.REGTYPE, text=\"\", link=\"\", mode=0o644, owner=0, **pax):
                info = tarfile.TarInfo(name)
                info.type, info.linkname, info.mode, info.uid, info.gid = kind, link, mode, owner, owner
                info.size = len(text)
                info.pax_headers = pax
                archive.addfile(info, io.BytesIO(text.encode()))
            FILE, DIR, SYM, LNK = tarfile.REGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE
            \(script)
            archive.close()
            """
        let done = try CompletedProcess.run("/usr/bin/python3", ["-c", program], environment: ["LC_ALL=C.UTF-8"])
        try #require(done.ending.succeeded, "\(done.lastErrors)")
        let bytes = try DurableFile.read(path, limit: 1 << 24)
        let summary = try ArchiveReader.read(try Descriptor.open(path, O_RDONLY)) { _, _ in }
        #expect(try bench.store.put(bytes) == summary.blob)
        return summary.layer
    }

    private func over(_ layer: Layer, _ script: String) throws -> String { try bench.output([base, layer], script) }

    @Test func writesNeverFollowLinksOut() throws {
        let outside = "\(bench.directory)/outside"
        try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: false)
        let layer = try foreign(
            """
            put("out", SYM, link="\(outside)")
            put("out/planted", text="x")
            put("up", SYM, link="../../../../../../../..\(outside)")
            put("up/planted", text="x")
            put("file", SYM, link="\(outside)/file")
            put("file", text="replaced")
            put("hard", LNK, link="file")
            """)
        expect(try over(layer, "cat /file /hard; ls /out"), "replacedreplacedplanted\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside) == [])
    }

    @Test func linksInsideAreLegal() throws {
        let layer = try foreign(
            """
            put("usr", DIR, mode=0o755); put("usr/lib", DIR, mode=0o755)
            put("lib", SYM, link="usr/lib"); put("lib64", SYM, link="/usr/lib")
            put("lib/a", text="a"); put("lib64/b", text="b"); put("lib/deep/c", text="c")
            """)
        expect(
            try over(layer, "cat /usr/lib/a /usr/lib/b /usr/lib/deep/c; readlink /lib; readlink /lib64"),
            "abcusr/lib\n/usr/lib\n")
    }

    @Test func lastOfSeveralStays() throws {
        let layer = try foreign(
            """
            put("x", text="first"); put("x", text="second")
            put("d", DIR, mode=0o755); put("d/in", text="in"); put("d", text="now a file")
            put("e", SYM, link="d"); put("e", DIR, mode=0o700); put("e/f", text="f")
            """)
        expect(try over(layer, "cat /x /d /e/f; stat -c %a /e; readlink /e || true"), "secondnow a filef700\n")
    }

    @Test func whiteoutsHideWhatIsBelow() throws {
        let layer = try foreign(
            """
            put("data/.wh.one"); put("data/sub", DIR, mode=0o755); put("data/sub/.wh..wh..opq"); put("data/sub/own", text="own")
            put("etc/.wh.group"); put("etc/group", text="both"); put(".wh..wh.plnk"); put("data/.wh.never")
            """)
        expect(
            try over(layer, "ls /data /data/sub; cat /etc/group; ls -a / | grep -c wh || true"),
            "/data:\nsub\ntwo\n\n/data/sub:\nown\nboth0\n")
    }

    @Test func deletedAndMadeAgainIsNew() throws {
        let layer = try foreign(
            #"put("data/.wh.sub"); put("data/sub", DIR, mode=0o750); put("data/sub/new", text="new")"#)
        expect(try over(layer, "ls /data/sub; stat -c %a /data/sub"), "new\n750\n")
    }

    @Test func attributesOfOverlaysAreStripped() throws {
        let layer = try foreign(
            """
            put("data", DIR, mode=0o755, **{"SCHILY.xattr.user.overlay.opaque": "y", "SCHILY.xattr.user.kept": "v"})
            """)
        expect(try over(layer, "ls /data"), "one\nsub\ntwo\n")
        let root = try bench.workshop.pack([base, layer], subtree: treePath("data"))
        // The directory's own attribute is not in the layer of its contents; mode and owner are the plain ones.
        #expect(try bench.listing(root).map { $0.split(separator: " ")[2] } == ["one", "sub/", "sub/three", "two"])
    }

    @Test func ownersBeyondTheNamespaceAreRefused() throws {
        let layer = try foreign(#"put("big", owner=70000)"#)
        #expect { try over(layer, "true") } throws: {
            ($0 as? RemoteError)?.reason.hasPrefix("its owner is 70000:70000") == true
        }
    }

    @Test func brokenHardLinksAreRefused() throws {
        let layer = try foreign(#"put("d", DIR); put("hard", LNK, link="d")"#)
        #expect { try over(layer, "true") } throws: { ($0 as? RemoteError)?.subject == "/hard" }
    }

    @Test func damagedLayersAreNeverUsed() throws {
        let path = bench.path(of: base)
        var bytes = try DurableFile.read(path, limit: 1 << 24)
        bytes[bytes.count / 2] ^= 1
        try DurableFile.replace(path, with: bytes)
        #expect(throws: RemoteError.self) { try bench.output([base], "true") }
        #expect(try bench.leftovers() == [])
        let other = try bench.layer([bench.directory("etc")])
        let lie = Layer(blob: other.blob, size: other.size, diffID: base.diffID, tarSize: other.tarSize)
        #expect { try bench.workshop.unpack([lie]) } throws: { ($0 as? RemoteError)?.exit == .damaged }
    }

    @Test func manyLayers() throws {
        var layers = [base]
        for number in 0..<126 { layers.append(try bench.layer([bench.file("layer-\(number)")])) }
        expect(try bench.output(layers, "ls -1 / | grep -c layer-"), "126\n")
        #expect { try bench.output(layers + layers, "true") } throws: { ($0 as? RemoteError)?.subject == "the layers" }
    }

    @Test func timesAreConstant() throws {
        let layer = try foreign(#"put("dir", DIR, mode=0o755); put("dir/a", text="a"); put("dir/s", SYM, link="a")"#)
        let script =
            "stat -c %Y / /dir /dir/a /dir/s /bin /bin/busybox | sort | wc -l; stat -c %Y /dir /dir/a /dir/s /bin /data/one"
        expect(try over(layer, script), "6\n" + String(repeating: "1577836800\n", count: 5))
    }

    @Test func rootsOwnModeIsKept() throws {
        let layer = try bench.layer([bench.directory("", mode: 0o750), bench.file("x")])
        expect(try over(layer, "stat -c %a /"), "750\n")
        let above = try bench.layer([bench.file("y")])
        expect(try bench.output([base, layer, above], "stat -c %a /"), "750\n")
        let (outcome, _) = try bench.run([base, layer], "chmod 711 /")
        #expect(try bench.listing(#require(outcome.layer)) == ["drwx--x--x 0/0 ./"])
        #expect(
            try bench.listing(#require(try bench.run([base, layer], "touch /z").outcome.layer)) == ["-rw-r--r-- 0/0 z"])
    }

    @Test func deepTreesGoAway() throws {
        let script = "i=0; while [ $i -lt 1500 ]; do mkdir d; cd d; i=$((i+1)); done"
        #expect(try bench.run([base], script, result: .nothing).outcome.ending == .exited(0))
        #expect(try bench.leftovers() == [])
        #expect { try bench.run([base], "cd /data; \(script)") } throws: {
            ($0 as? RemoteError)?.doing == "walk"
        }
    }

    @Test func cacheCanBeRemoved() throws {
        try bench.workshop.unpack([base])
        let cached = bench.cachePath(of: base)
        #expect(FileManager.default.fileExists(atPath: "\(cached)/bin/busybox"))
        try bench.workshop.removeCache()
        #expect(!FileManager.default.fileExists(atPath: cached))
        expect(try bench.output([base], "echo again"), "again\n")
    }
}
