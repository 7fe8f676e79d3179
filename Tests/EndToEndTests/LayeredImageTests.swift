import BakeModel
import BakeTestSupport
import Foundation
import Testing

/// What is hard in layers, as tools of others understand it.
@Suite struct LayeredImageTests {
    private let small: SmallRepository
    private let directory: String

    /// A third layer with what is hard in layers: a removed file, a replaced directory, a hard link, odd names, modes.
    private static let layered = """
        name: small
        stages:
          base: { import: base.tar.gz }
          middle:
            from: base
            add: { /srv/page.txt: src/page.txt, /srv/deep/one: src/page.txt, /srv/gone: src/hello }
          app:
            from: middle
            run: |
              cd /srv
              rm gone /etc/group
              rm -r deep && mkdir deep && echo two > deep/two
              ln page.txt again
              echo x > 'ä ö.txt'
              busybox chmod 4711 /usr/bin/busybox
              busybox chown 7:8 'ä ö.txt'
            config: { cmd: [cat, /srv/again] }
        image: app

        """

    init() throws {
        small = try SmallRepository()
        directory = small.git.directory.path
        try small.git.commit(files: ["bake.yaml": Self.layered])
        let made = try small.bake("build")
        try #require(made.status == 0, "\(made.errors)")
    }

    private func image() throws -> String { try small.bake("show", "small@1", "-q").line }

    private func layers() throws -> [String] {
        let items = try small.bake("show", "small@1", "--json").json()["layers"]?.items
        return try #require(items).compactMap { $0["digest"]?.string }
    }

    private func blob(_ digest: String) -> String {
        "\(small.store)/blobs/sha256/\(digest.dropFirst("sha256:".count))"
    }

    /// What bake itself says the root holds, unpacked by GNU tar.
    private func exported() throws -> String {
        let archive = "\(directory)/export.tar.gz"
        #expect(try small.bake("export", "small@1", "-o", archive).status == 0)
        let root = "\(directory)/exported"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: false)
        try ForeignTool.run("tar", ["-xpzf", archive, "--numeric-owner", "--xattrs", "--same-owner", "-C", root])
        return root
    }

    @Test("the manifest and every layer arrive in another layout as they are")
    func copied() throws {
        let copy = "\(directory)/copy"
        try ForeignTool.run(
            "skopeo", ["copy", "-q", "--preserve-digests", "oci:\(small.store):small@1", "oci:\(copy):x"])
        for digest in try layers() + [try image()] {
            let hex = String(digest.dropFirst("sha256:".count))
            #expect(try ForeignTool.run("sha256sum", ["\(copy)/blobs/sha256/\(hex)"]).hasPrefix(hex))
        }
    }

    @Test("umoci unpacks the same root that bake exports")
    func umoci() throws {
        let bundle = "\(directory)/bundle"
        let asUser = geteuid() == 0 ? [] : ["--rootless"]
        try ForeignTool.run("umoci", ["unpack"] + asUser + ["--image", "\(small.store):small@1", bundle])
        let theirs = try ForeignTool.listing(of: "\(bundle)/rootfs")
        #expect(theirs == (try ForeignTool.listing(of: try exported())))
        #expect(theirs.contains("srv/deep/two") && !theirs.contains("srv/deep/one") && !theirs.contains("srv/gone"))
        #expect(theirs.contains("f 4711 0:0") && theirs.contains("7:8 1 2 1577836800.0000000000 srv/ä ö.txt"))
    }

    @Test("GNU tar and bsdtar read every layer alike: names, modes, owners, links, whiteouts")
    func tars() throws {
        let script = #"tr -s ' ' < "$0" | sort"#
        for layer in try layers() {
            let gnu = try ForeignTool.run("tar", ["-tzf", blob(layer), "--quoting-style=literal"])
            #expect(gnu == (try ForeignTool.run("bsdtar", ["-tf", blob(layer)])))
            let modes = try ["tar", "bsdtar"].map { tool in
                let list = "\(directory)/\(tool).txt"
                try ForeignTool.run(tool, ["-tvzf", blob(layer), "--numeric-owner"])
                    .split(separator: "\n").map { String($0.prefix { $0 != " " }) }.joined(separator: "\n")
                    .write(toFile: list, atomically: false, encoding: .utf8)
                return try ForeignTool.run("sh", ["-c", script, list])
            }
            #expect(modes[0] == modes[1])
        }
        let last = try ForeignTool.run("tar", ["-tzf", blob(try #require(try layers().last))])
        for name in ["srv/.wh.gone", "etc/.wh.group", "srv/deep/.wh..wh..opq"] {
            #expect(last.split(separator: "\n").contains(Substring(name)), "\(last)")
        }
        #expect(try ForeignTool.run("gzip", ["-t", blob(try #require(try layers().last))]) == "")
    }

    @Test("umoci gc in a copy of the store removes nothing that bake needs")
    func foreignCollection() throws {
        try small.commitPage("hello again")
        #expect(try small.bake("build").status == 0)
        let copy = "\(directory)/copied"
        try ForeignTool.run("cp", ["-a", small.store, copy])
        try ForeignTool.run("umoci", ["gc", "--layout", copy])
        #expect(try small.bake("fsck", "--store", copy).status == 0)
        let pages = try ["small@1", "small@2"].map { name in
            try small.bake("enter", name, "--store", copy, "--", "cat", "/srv/page.txt").output
        }
        #expect(pages == ["hello\n", "hello again\n"])
        let again = try small.bake("build", "-q", "--store", copy)
        #expect(again.line == "small@2", "\(again.errors)")
        #expect(try small.bake("show", "small@1", "--store", copy).output == small.bake("show", "small@1").output)
    }

    @Test(
        "podman pulls and runs the store's image, and loads a docker-archive of it",
        .enabled(if: Podman.isAvailable, "podman runs containers here for root alone, with runc"))
    func podman() throws {
        let podman = try Podman()
        let id = try podman("pull", "-q", "oci:\(try podman.link(to: small.store)):small@1")
        #expect(try podman("image", "inspect", "--format", "{{.Digest}}", id) == (try image()))
        #expect(try podman("run", "--rm", "--network=none", id) == "hello")
        let listed = try podman("run", "--rm", "--network=none", id, "sh", "-c", "echo /srv/* /srv/deep/*")
        #expect(listed == "/srv/again /srv/deep /srv/page.txt /srv/ä ö.txt /srv/deep/two")
        let archive = "\(directory)/archive.tar"
        try ForeignTool.run(
            "skopeo", ["copy", "-q", "oci:\(small.store):small@1", "docker-archive:\(archive):small:1"])
        #expect(try podman("load", "-q", "-i", archive).contains("small:1"))
        #expect(try podman("run", "--rm", "--network=none", "small:1", "cat", "/srv/deep/two") == "two")
    }
}
