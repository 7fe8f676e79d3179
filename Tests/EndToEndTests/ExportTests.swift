import BakeTestSupport
import Foundation
import Glibc
import Testing

/// What comes out of an image.
@Suite struct ExportTests {
    private let small: SmallRepository

    init() throws {
        small = try SmallRepository()
        _ = try small.bake("build")
    }

    @Test("a file is itself, byte for byte, wherever links lead to it; without -o it goes to standard output")
    func file() throws {
        let source = try String(contentsOfFile: "\(small.git.path)/src/hello", encoding: .utf8)
        #expect(try small.bake("export", "small@1:/bin/hello").output == source)
        let busybox = "\(small.git.directory.path)/busybox"
        // /bin is a link to usr/bin, and sh one to busybox.
        let export = try small.bake("export", "small@1:/bin/sh", "-o", busybox)
        #expect(export.status == 0, "\(export.errors)")
        let copy = try Data(contentsOf: URL(filePath: busybox))
        #expect(copy == (try Data(contentsOf: URL(filePath: "/bin/busybox"))))
        #expect(access(busybox, X_OK) == 0)
        let sum = try ForeignTool.run("sha256sum", [busybox]).prefix(64)
        #expect(export.output.contains("sha256:\(sum)"))
    }

    @Test("a file is read out of its layer: nothing is unpacked, and GNU tar finds the same bytes there")
    func alone() throws {
        #expect(try small.bake("gc", "--cache").status == 0)
        let file = "\(small.git.directory.path)/busybox"
        for _ in 1...2 { #expect(try small.bake("export", "small@1:/bin/busybox", "-o", file).status == 0) }
        let layers = "\(small.store)/cache/layers"
        #expect(try ForeignTool.run("sh", ["-c", "find \(layers) -name busybox | wc -l"]) == "0\n")
        let blobs = "\(small.store)/blobs/sha256"
        let judge = try ForeignTool.run(
            "sh", ["-c", "for b in \(blobs)/*; do tar -xzOf $b usr/bin/busybox 2>/dev/null; done | cmp - \(file)"])
        #expect(judge.isEmpty)
    }

    @Test("a file is replaced when all of it is there, and runs for those who may read it")
    func inItsPlace() throws {
        let place = "\(small.git.directory.path)/out"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
        try Data("before".utf8).write(to: URL(filePath: "\(place)/file"))
        let failed = try small.bake("export", "small@1:/none", "-o", "\(place)/file")
        #expect(failed.status != 0 && failed.errors.contains("/none"), "\(failed)")
        #expect(try String(contentsOfFile: "\(place)/file", encoding: .utf8) == "before")
        let words = "umask 027; \(small.bakePath) --store \(small.store) export small@1:/bin/hello -o \(place)/file"
        try ForeignTool.run("sh", ["-c", words])
        #expect(try ForeignTool.run("stat", ["-c", "%a %n", "\(place)/file"]) == "750 \(place)/file\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: place) == ["file"])
    }

    @Test("a directory is a tar.gz of its contents")
    func directory() throws {
        let archive = "\(small.git.directory.path)/srv.tar.gz"
        #expect(try small.bake("export", "small@1:/srv", "-o", archive).status == 0)
        #expect(try ForeignTool.run("tar", ["-xzOf", archive, "page.txt"]) == "HELLO\n")
    }

    @Test("a terminal is not filled with bytes unasked")
    func terminal() throws {
        let words = "\(small.bakePath) --store \(small.store) export small@1"
        // script(1) gives it a terminal, and its own exit status.
        let shell = "script -qec '\(words)' /dev/null; echo \"exit $?\""
        let screen = try ForeignTool.run("sh", ["-c", shell])
        #expect(screen.contains("standard output is a terminal") && screen.contains("exit 2"), "\(screen.prefix(400))")
    }
}
