import BakeTestSupport
import Foundation
import Testing

/// What it costs that a command needs its root unpacked.
@Suite struct UnpackingCostTests {
    private let small: SmallRepository

    init() throws {
        small = try SmallRepository()
        // Large enough to be worth a process of its own.
        let script = """
            mkdir root && tar -C root -xzf "$0/base.tar.gz" && truncate -s 17M root/large && tar -C root -cf "$0/../root.tar" .
            """
        try ForeignTool.run("sh", ["-ec", script, small.git.path], directory: small.git.directory.path)
    }

    private func bake(app: String, wrapper: [String] = []) throws -> Screen {
        let root = "\(small.git.directory.path)/root.tar"
        try small.git.commit(files: [
            "bake.yaml": """
            name: small
            stages:
              os: { import: \(root) }
              app: { from: os, \(app) }
            image: app

            """
        ])
        try #require(try small.bake("lock").status == 0)
        let lock = try String(contentsOfFile: "\(small.git.path)/small.lock", encoding: .utf8)
        try small.git.commit(files: ["small.lock": lock])
        return try small.bake(["build"], wrapper: wrapper)
    }

    private var unpacked: String {
        get throws {
            try ForeignTool.run("sh", ["-c", "find \(small.store)/cache/layers -name large | wc -l"])
        }
    }

    @Test("a layer that was just packed is not read again for the command over it")
    func command() throws {
        let trace = "\(small.git.directory.path)/opened"
        let wrapper = ["/usr/bin/strace", "-f", "-qq", "-o", trace, "-e", "trace=openat"]
        let baked = try bake(app: "run: ls / > /srv/list", wrapper: wrapper)
        #expect(baked.status == 0, "\(baked)")
        let layers = try #require(try small.bake("show", "small", "--json").json()["layers"]?.items)
        let layer = try #require(layers.first?["digest"]?.string?.dropFirst("sha256:".count))
        let opened = try String(contentsOfFile: trace, encoding: .utf8)
        #expect(opened.contains(".part\"") && !opened.contains("/blobs/sha256/\(layer)"))
        #expect(try unpacked == "1\n")
        #expect(try small.bake("export", "small@1:/srv/list").output.contains("large\n"))
    }

    @Test("files are added without the root below being unpacked, and nothing is unpacked that nobody enters")
    func addition() throws {
        let baked = try bake(app: "add: { /bin/: src/hello }")
        #expect(baked.status == 0, "\(baked)")
        #expect(try unpacked == "0\n")
        // /bin is a link to usr/bin.
        #expect(try small.bake("export", "small@1:/usr/bin/hello").output == "#!/bin/sh\necho hi there\n")
        #expect(try unpacked == "0\n")
    }
}
