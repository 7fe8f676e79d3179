import BakeTestSupport
import Foundation
import GitFixtures
import LinuxSystem
import Testing

/// No lock-in: other tools read the store as it lies.
@Suite struct InteropTests {
    private let small: SmallRepository
    private let place: String

    init() throws {
        small = try SmallRepository()
        place = small.git.directory.path
        try #require(try small.bake("build", "-q").output == "small@1\n")
    }

    /// Runs a foreign tool that must succeed.
    @discardableResult
    private func run(_ program: String, _ arguments: [String], _ environment: [String] = []) throws -> String {
        let run = try CompletedProcess.run(
            "/usr/bin/env", [program] + arguments,
            environment: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=\(place)", "LC_ALL=C.UTF-8"] + environment,
            directory: place, deadline: 120)
        #expect(run.ending.succeeded, "\(program) \(arguments): \(run.lastErrors)")
        return run.text
    }

    private func digest() throws -> String { try small.bake("show", "small@1", "-q").line }

    @Test("skopeo names the digest that bake says, and copies to a layout and a docker archive")
    func skopeo() throws {
        let reference = "oci:\(small.store):small@1"
        #expect(try run("skopeo", ["inspect", "--format", "{{.Digest}}", reference]) == "\(digest())\n")
        try run("skopeo", ["copy", "-q", reference, "oci:\(place)/copy:web"])
        #expect(try run("skopeo", ["inspect", "--format", "{{.Digest}}", "oci:\(place)/copy:web"]) == "\(digest())\n")
        try run("skopeo", ["copy", "-q", reference, "docker-archive:\(place)/image.tar:small:1"])
        #expect(try run("tar", ["-tf", "\(place)/image.tar"]).contains("manifest.json"))
    }

    @Test("a slot has a name of its own, which follows promotions")
    func slots() throws {
        _ = try small.bake("env", "apply", "environments.yaml")
        _ = try small.bake("promote", "1", "staging")
        let reference = "oci:\(small.store):small:staging"
        #expect(try run("skopeo", ["inspect", "--format", "{{.Digest}}", reference]) == "\(digest())\n")
    }

    @Test("umoci unpacks the same tree that bake exports; its gc on a copy of the store leaves a sound store")
    func umoci() throws {
        try run("umoci", ["unpack", "--rootless", "--image", "\(small.store):small@1", "\(place)/bundle"])
        _ = try small.bake("export", "small@1", "-o", "\(place)/root.tar.gz")
        let exported = try run("tar", ["--list", "--file", "\(place)/root.tar.gz"])
            .split(separator: "\n").map { $0.hasSuffix("/") ? $0.dropLast() : $0 }.map(String.init).sorted()
        let unpacked = try run("find", ["\(place)/bundle/rootfs", "-mindepth", "1", "-printf", "%P\\n"])
            .split(separator: "\n").map(String.init).sorted()
        #expect(exported == unpacked)

        try run("cp", ["-a", small.store, "\(place)/copy"])
        try run("umoci", ["gc", "--layout", "\(place)/copy"])
        let copy = try small.bake(["fsck"], environment: ["BAKE_STORE=\(place)/copy"])
        #expect(copy.status == 0, "\(copy.output)\(copy.errors)")
    }

    @Test("GNU tar and bsdtar list the same entries of a layer; gzip finds nothing wrong")
    func archives() throws {
        let layer = try #require(
            try small.bake("show", "small@1", "--json").json()["layers"]?.items?.last?["digest"]?.string)
        let blob = "\(small.store)/blobs/sha256/\(layer.dropFirst(7))"
        try run("cp", [blob, "\(place)/layer.tar.gz"])
        try run("gzip", ["--test", "\(place)/layer.tar.gz"])
        let wanted = "srv/\nsrv/page.txt\nusr/\nusr/bin/\nusr/bin/hello\n"
        #expect(try run("tar", ["-tzf", "\(place)/layer.tar.gz"]) == wanted)
        #expect(try run("bsdtar", ["-tf", "\(place)/layer.tar.gz"]) == wanted)
    }

    @Test(
        "podman loads the image from the store and runs it",
        .enabled(if: getuid() == 0, "needs root, for podman's storage"))
    func podman() throws {
        // This machine may have no systemd and hybrid cgroups: podman is told to do without.
        let configuration = """
            [containers]
            default_ulimits = ["nofile=1024:20000", "nproc=1024:20000"]
            [engine]
            cgroup_manager = "cgroupfs"
            events_logger = "file"
            runtime = "runc"
            """
        try configuration.write(toFile: "\(place)/containers.conf", atomically: true, encoding: .utf8)
        let environment = ["CONTAINERS_CONF=\(place)/containers.conf"]
        let options = ["--root", "\(place)/podman", "--runroot", "\(place)/podman-run", "--storage-driver", "vfs"]
        // podman makes a name of the path, and names have no capitals.
        let store = "/tmp/bake-podman-\(getpid())"
        try FileManager.default.createSymbolicLink(atPath: store, withDestinationPath: small.store)
        defer { try? FileManager.default.removeItem(atPath: store) }
        let id = try run("podman", options + ["pull", "-q", "oci:\(store):small@1"], environment)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let printed = try run(
            "podman",
            options + ["run", "--rm", "--network", "none", id, "cat", "/srv/page.txt"],
            environment)
        #expect(printed == "HELLO\n")
    }
}
