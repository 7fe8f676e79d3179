import BakeModel
import BlobStorage
import Foundation
import LinuxSystem
import Testing

@testable import SpecRun

/// What indexes of layers answer is what the kernel shows of the same layers, mounted over each other.
@Suite struct IndexedSpecTests {
    private let directory: TemporaryDirectory
    private let store: BlobStore

    init() throws {
        directory = try TemporaryDirectory()
        store = try BlobStore.create(at: "\(directory.path)/store")
    }

    /// Two layers with everything that makes a root of layers another than a directory.
    private func layers() throws -> [Layer] {
        var lower = TestImage()
        for name in ["a/x", "a/deep/y", "opaque/old", "replaced/inner", "gone/z", "kept", "file", "tool"] {
            lower.add(name, "lower \(name)\n")
        }
        lower.add("etc/passwd", "root:x:0:0::/root:/bin/sh\nweb:x:33:33::/:/bin/sh\n")
        lower.add("etc/group", "root:x:0:\nweb:x:33:\nssl:x:44:web\n")
        lower.add("var/lib/dpkg/status.d/one", "Package: one\nVersion: 1\n")
        lower.add("var/lib/dpkg/status.d/two", "Package: two\nVersion: 2\n")
        lower.add("etc/init.d/daemon", "#!/bin/sh\n", mode: 0o755)
        lower.addLink("etc/rc2.d/S01daemon", to: "../init.d/daemon")
        lower.addLink("etc/rc3.d/S01daemon", to: "../init.d/daemon")
        for (name, target) in [
            ("link", "a"), ("absolute", "/a/x"), ("out", "../../../../a/x"), ("loop", "loop"), ("dangling", "nowhere"),
            ("slash", "a/x/"), ("to-root", "/"),
        ] { lower.addLink(name, to: target) }
        lower.addPipe("pipe")
        lower.addDirectory("sticky", mode: 0o1777)
        try lower.addName("z-name", of: "tool")
        var upper = TestImage()
        upper.addDirectory("a", mode: 0o700)
        for name in ["a/new", "opaque/.wh..wh..opq", "opaque/young", ".wh.gone", "replaced", "a/deep/.wh.y", "tool"] {
            upper.add(name, name.contains(".wh.") ? "" : "upper \(name)\n", mode: 0o4711)
        }
        upper.add("file/inner", "upper\n")
        upper.add("var/lib/dpkg/status.d/.wh.two", "")
        upper.add("var/lib/dpkg/status.d/three", "Package: three\nVersion: 3\n")
        upper.add("etc/rc3.d/.wh.S01daemon", "")
        return [try lower.pack(into: store), try upper.pack(into: store)]
    }

    private static let paths = [
        "/", "/a", "/a/", "/a/x", "/a/x/", "/a/new", "/a/deep", "/a/deep/y", "/opaque", "/opaque/old", "/opaque/young",
        "/replaced", "/replaced/inner", "/gone", "/gone/z", "/.wh.gone", "/kept", "/file", "/file/inner", "/tool",
        "/z-name", "/link", "/link/x", "/link/../kept", "/link/deep", "/absolute", "/out", "/loop", "/loop/x",
        "/dangling", "/slash", "/to-root", "/to-root/kept", "/pipe", "/pipe/x", "/sticky", "/nothing", "~web/kept",
        "/\(String(repeating: "n", count: 256))", "/a/\(String(repeating: "n", count: 256))",
    ]

    /// Every expectation is one that cannot be met, so that what is found is told.
    private static func question(_ path: String, reading: Bool) -> String {
        let facts = #"mode: "?", owner: "?", uid: -1, group: "?", gid: -1, linked-to: "?", filetype: "?""#
        return
            #"  "\#(path)": { exists: true, \#(facts)\#(reading ? #", contents: ["?"], md5: "?", sha256: "?""# : "") }\#n"#
    }

    private func compare(_ text: String, _ layers: [Layer]) throws {
        let configuration = ImageConfiguration()
        let spec = try Spec(parsing: text, name: "goss.yaml")
        let answer = try IndexedSpec(spec)?.verdict(on: layers, configuration: configuration, in: store)
        let indexed = try #require(answer)
        // A command needs a root.
        let more = try Spec(parsing: text + "command: { none: { exit-status: 0 } }\n", name: "goss.yaml")
        #expect(IndexedSpec(more) == nil)
        let mounted = try SpecRunner(store: store, program: BuiltBake.program).run(
            more, on: .image(layers: layers, configuration: configuration), deadline: 60)
        let judge = mounted.checks.filter { $0.resource != "command" }
        #expect(indexed.checks.count == judge.count && !judge.isEmpty)
        for (found, expected) in zip(indexed.checks, judge) {
            #expect(found.id == expected.id && found.property == expected.property)
            #expect(found.outcome == expected.outcome, "\(found.id) \(found.property)")
        }
    }

    @Test("files, links, whiteouts and what stands in a directory's place")
    func files() throws {
        let layers = try layers()
        for paths in [Self.paths.prefix(20), Self.paths.dropFirst(20)] {
            try compare("file:\n" + paths.map { Self.question($0, reading: true) }.joined(), layers)
        }
    }

    @Test("sizes, but of directories, which only a file system has")
    func sizes() throws {
        let layers = try layers()
        let files = ["/a/x", "/absolute", "/tool", "/z-name", "/pipe", "/dangling"]
        try compare("file:\n" + files.map { #"  "\#($0)": { exists: true, size: -1 }\#n"# }.joined(), layers)
        let spec = try Spec(parsing: "file: { /a: { exists: true, size: { gt: 0 } } }", name: "goss.yaml")
        let root = ImageConfiguration()
        #expect(try IndexedSpec(spec)?.verdict(on: layers, configuration: root, in: store) == nil)
        let run = try SpecRunner(store: store, program: BuiltBake.program).run(
            spec, on: .image(layers: layers, configuration: root), deadline: 60)
        #expect(run.letters == "pp")
    }

    @Test("packages, users, groups and services")
    func databases() throws {
        let text = """
            package:
              one: { installed: true, versions: ["?"] }
              two: { installed: true }
              three: { installed: true, versions: ["?"] }
            user:
              web: { exists: true, uid: -1, groups: ["?"], home: "?", shell: "?" }
              nobody: { exists: true }
            group:
              ssl: { exists: true, gid: -1 }
            service:
              daemon: { enabled: false, runlevels: ["?"] }
              other: { enabled: true }

            """
        try compare(text, try layers())
    }

    @Test("container-structure-test's files")
    func structure() throws {
        let text = """
            schemaVersion: 2.0.0
            fileExistenceTests:
              - { name: tool, path: /tool, shouldExist: true, permissions: "urwx--x--x", uid: 0, gid: 0, isExecutableBy: other }
              - { name: sticky, path: /sticky, shouldExist: true, permissions: "dtrwxrwxrwx" }
              - { name: gone, path: /gone/z, shouldExist: false }
              - { name: below a file, path: /kept/x, shouldExist: false }
            fileContentTests:
              - { name: kept, path: /link/x, expectedContents: ["^lower a/x"], excludedContents: ["upper"] }
              - { name: gone, path: /opaque/old, expectedContents: ["."] }
            metadataTest: { workdir: /srv }

            """
        let spec = try Spec(parsing: text, name: "structure.yaml")
        let verdict = try IndexedSpec(spec)?.verdict(
            on: layers(), configuration: ImageConfiguration(workingDirectory: "/srv"), in: store)
        #expect(verdict?.letters == "pp" + "f" + "ppppp" + "pp" + "p" + "p" + "p", "\(String(describing: verdict))")
    }

    @Test("nothing is unpacked for it, and a layer that is damaged is no verdict")
    func unpacksNothing() throws {
        let layers = try layers()
        let runner = SpecRunner(store: store, program: BuiltBake.program)
        let subject = SpecSubject.image(layers: layers, configuration: ImageConfiguration())
        let spec = try Spec(
            parsing: "file: { /kept: { exists: true, contents: [lower] }, /gone: { exists: false } }", name: "goss.yaml"
        )
        #expect(try runner.run(spec, on: subject, deadline: 60).letters == "ppp")
        #expect(access("\(store.cache)/layers", F_OK) != 0)
        let blob = "\(store.path)/blobs/sha256/\(layers[0].blob.hex)"
        chmod(blob, 0o644)
        let file = try Descriptor.open(blob, O_WRONLY)
        #expect(pwrite(file.number, [UInt8](repeating: 0, count: 40), 40, off_t(layers[0].size / 2)) == 40)
        #expect(throws: (any Error).self) { try runner.run(spec, on: subject, deadline: 60) }
    }

    /// Least of all a check that a file is not there.
    @Test("a layer that is gone is no verdict")
    func missingLayer() throws {
        let layers = try layers()
        let subject = SpecSubject.image(layers: layers, configuration: ImageConfiguration())
        func verdict(_ text: String) throws -> Verdict {
            try SpecRunner(store: store, program: BuiltBake.program).run(
                try Spec(parsing: text, name: "goss.yaml"), on: subject, deadline: 60)
        }
        for layer in layers { #expect(unlink("\(store.path)/blobs/sha256/\(layer.blob.hex)") == 0) }
        #expect(throws: (any Error).self) { try verdict("file: { /kept: { exists: true, contents: ['!lower'] } }") }
        try FileManager.default.removeItem(atPath: store.cache)
        #expect(throws: (any Error).self) { try verdict("file: { /kept: { exists: false } }") }
    }

    @Test("a spec that reads many files, starts something or looks at what runs needs a root")
    func needsRoot() throws {
        func isIndexed(_ text: String) throws -> Bool { IndexedSpec(try Spec(parsing: text, name: "goss.yaml")) != nil }
        func files(_ count: Int) -> String {
            "file:\n" + (0..<count).map { "  /f\($0): { exists: true, contents: [x] }\n" }.joined()
        }
        #expect(try isIndexed(files(32)) && !isIndexed(files(33)))
        #expect(try isIndexed("service: { nginx: { enabled: true } }"))
        #expect(try !isIndexed("service: { nginx: { enabled: true, running: true } }"))
        #expect(try !isIndexed("port: { tcp:80: { listening: true } }"))
        #expect(try isIndexed("port: { tcp:80: { listening: true, skip: true } }\nfile: { /x: { exists: true } }"))
        #expect(try isIndexed("file: { /x: { exists: true, contents: { not: { contain-substring: y } } } }"))
        #expect(try !isIndexed("file: { /x: { exists: true, contents: { gjson: { a: 1 } } } }"))
        #expect(try !isIndexed("command: { id: { exit-status: 0 } }"))
    }
}
