import BakeModel
import BakeTestSupport
import Foundation
import Glibc
import Testing

/// Images of others, by every road that leads to them: pushed, copied and saved by skopeo and podman.
@Suite(.enabled(if: ForeignTool.isInstalled("docker-registry") && ForeignTool.isInstalled("skopeo")))
struct ImportTests {
    private let small: SmallRepository
    private let directory: String

    init() throws {
        small = try SmallRepository()
        directory = small.git.directory.path
    }

    /// An image of two layers that umoci made: busybox, and above it a page and a file that is gone. It is called `a`.
    private func umoci(_ page: String) throws -> String {
        let layout = "\(directory)/layout\(UInt32.random(in: 0 ... .max))"
        let script = """
            umoci init --layout "$0" && umoci new --image "$0:a"
            zcat base.tar.gz > lower.tar
            mkdir -p upper/srv upper/etc && echo "$1" > upper/srv/page && touch upper/etc/.wh.group
            tar -C upper --owner=0 --group=0 -cf upper.tar etc srv
            for layer in lower upper; do umoci raw add-layer --image "$0:a" $layer.tar; done
            umoci config --image "$0:a" --config.env COLOUR=red --config.cmd cat --config.cmd /srv/page
            rm -r lower.tar upper.tar upper
            """
        try ForeignTool.run("sh", ["-ec", script, layout, page], directory: small.git.path)
        return layout
    }

    private func push(_ layout: String, to name: String, _ options: String...) throws {
        try ForeignTool.run(
            "skopeo",
            ["copy", "-q", "--dest-tls-verify=false"] + options + ["oci:\(layout):a", "docker://\(name)"])
    }

    /// Commits a pipeline that imports that, locked where it can be.
    private func commit(importing source: String, environment: [String] = []) throws -> Screen {
        let text = "name: small\nstages:\n  app:\n    import: \(source)\nimage: app\n"
        try small.git.commit(files: ["bake.yaml": text])
        let locked = try small.bake(["lock"], environment: environment)
        let lock = "\(small.git.path)/small.lock"
        if locked.status == 0, FileManager.default.fileExists(atPath: lock) {
            try small.git.commit(files: ["small.lock": try String(contentsOfFile: lock, encoding: .utf8)])
        }
        return locked
    }

    private func layers() throws -> [String] {
        try #require(try small.bake("show", "small", "--json").json()["layers"]?.items)
            .compactMap { $0["digest"]?.string }
    }

    @Test("a layout, an archive of one, what docker save writes, and a registry give the same layers and configuration")
    func everyRoad() throws {
        let registry = try LocalRegistry(in: directory)
        let layout = try umoci("hello")
        try push(layout, to: "\(registry.address)/x/a:1")
        for archive in ["oci-archive:\(small.git.path)/oci.tar:a", "docker-archive:\(small.git.path)/docker.tar:x/a:1"]
        {
            try ForeignTool.run("skopeo", ["copy", "-q", "oci:\(layout):a", archive])
        }
        try ForeignTool.run("gzip", ["-k", "docker.tar"], directory: small.git.path)
        try ForeignTool.run("git", ["add", "."], directory: small.git.path)
        var found: [[String]] = []
        for source in [
            "oci:\(layout):a", "oci-archive:oci.tar", "oci-archive:\(small.git.path)/oci.tar:a",
            "docker-archive:docker.tar", "docker-archive:\(small.git.path)/docker.tar:x/a:1",
            "docker-archive:docker.tar.gz", "docker://\(registry.address)/x/a:1",
        ] {
            #expect(try commit(importing: source).status == 0)
            let build = try small.bake("build")
            try #require(build.status == 0, "\(source): \(build.errors)")
            found.append(try layers())
            #expect(try small.bake("enter", "small", "--", "cat", "/srv/page").output == "hello\n")
        }
        #expect(found[0].count == 2 && Set(found).count == 1)
        let theirs = try ForeignTool.run("skopeo", ["inspect", "--config", "oci:\(small.store):small@1"])
        let configuration = try Screen.json(of: theirs)["config"]
        #expect(configuration?["Env"]?.strings?.contains("COLOUR=red") == true)
        #expect(configuration?["Cmd"]?.strings == ["cat", "/srv/page"])
        #expect(try small.bake("enter", "small", "--", "cat", "/etc/group").status != 0)
    }

    @Test(
        "what podman saves, old form and new",
        .enabled(if: Podman.isAvailable, "podman runs containers here for root alone, with runc"))
    func podman() throws {
        let podman = try Podman()
        let id = try podman("pull", "-q", "oci:\(try podman.link(to: try umoci("hello"))):a")
        _ = try podman("tag", id, "localhost/x/a:1")
        var found: Set<[String]> = []
        for form in ["docker-archive", "oci-archive"] {
            let path = "\(directory)/\(form).tar"
            _ = try podman("save", "-q", "--format", form, "-o", path, "localhost/x/a:1")
            _ = try commit(importing: form == "docker-archive" ? "\(form):\(path):x/a:1" : "\(form):\(path)")
            let build = try small.bake("build")
            try #require(build.status == 0, "\(form): \(build.errors)")
            found.insert(try layers())
        }
        #expect(found.count == 1)
    }

    @Test("the lock holds against a tag that moved; the store needs no registry for what it has")
    func pinned() throws {
        let registry = try LocalRegistry(in: directory)
        let name = "\(registry.address)/x/a:1"
        try push(try umoci("one"), to: name)
        #expect(try commit(importing: "docker://\(name)").status == 0)
        try push(try umoci("two"), to: name)
        #expect(try small.bake("build").status == 0)
        #expect(try small.bake("enter", "small@1", "--", "cat", "/srv/page").output == "one\n")
        #expect(try small.bake("lock").errors.contains("nothing changed"))
        #expect(try small.bake("lock", "--update").errors.contains(" -> sha256:"))
        registry.stop()
        try ForeignTool.run("git", ["checkout", "-q", "."], directory: small.git.path)
        try FileManager.default.removeItem(atPath: "\(small.store)/cache")
        let again = try small.bake("build", "-q")
        #expect(again.line == "small@1" && again.status == 0, "\(again.errors)")
        #expect(try small.bake("rebake", "small@1").status == 0)
        let elsewhere = try small.bake("build", "--store", "\(directory)/other")
        #expect(elsewhere.status == 1 && elsewhere.errors.contains("gives no whole answer"))
    }

    @Test("a digest in the pipeline needs no lock; an index of it is resolved to this machine's architecture")
    func digest() throws {
        let registry = try LocalRegistry(in: directory)
        let layout = try umoci("hello")
        try push(layout, to: "\(registry.address)/x/a:1")
        let raw = try ForeignTool.run(
            "skopeo", ["inspect", "--raw", "--tls-verify=false", "docker://\(registry.address)/x/a:1"])
        let manifest = Digest.of(Array(raw.utf8))
        let architecture = try ForeignTool.run("dpkg", ["--print-architecture"]).trimmingCharacters(in: .newlines)
        let index = """
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[
            {"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"\(manifest)","size":\(raw.utf8.count),
            "platform":{"os":"linux","architecture":"\(architecture)"}}]}
            """
        try ForeignTool.run(
            "python3",
            [
                "-c",
                "import sys, urllib.request as u; u.urlopen(u.Request(sys.argv[1], sys.argv[2].encode(), method='PUT', headers={'Content-Type': 'application/vnd.oci.image.index.v1+json'}))",
                "http://\(registry.address)/v2/x/a/manifests/all", index,
            ])
        for digest in [manifest, Digest.of(Array(index.utf8))] {
            let locked = try commit(importing: "docker://\(registry.address)/x/a@\(digest)")
            #expect(locked.errors.contains("nothing to pin"))
            #expect(try small.bake("build").status == 0)
        }
        #expect(try commit(importing: "docker://\(registry.address)/x/a:all").status == 0)
        let lock = try String(contentsOfFile: "\(small.git.path)/small.lock", encoding: .utf8)
        #expect(lock.contains("\"\(manifest)\""))
    }

    @Test("a registry with a password: who has none, a wrong one, the right one by skopeo login")
    func password() throws {
        let registry = try LocalRegistry(in: directory, hasPassword: true)
        let name = "\(registry.address)/x/a:1"
        try push(try umoci("hello"), to: name, "--dest-creds", "ann:secret")
        let nobody = try commit(importing: "docker://\(name)")
        #expect(nobody.status == 1)
        #expect(nobody.errors.contains("there is none for \(registry.address); no file of logins was found"))
        let file = "\(directory)/auth.json"
        let auth = Data("ann:wrong".utf8).base64EncodedString()
        try #"{"auths":{"\#(registry.address)":{"auth":"\#(auth)"}}}"#
            .write(toFile: file, atomically: false, encoding: .utf8)
        let environment = ["REGISTRY_AUTH_FILE=\(file)"]
        let wrong = try small.bake(["lock"], environment: environment)
        #expect(wrong.status == 1 && wrong.errors.contains("refuses the login of ann from \(file)"))
        #expect(!wrong.errors.contains(auth) && !wrong.errors.contains("wrong"))
        try ForeignTool.run(
            "skopeo",
            ["login", "--tls-verify=false", "--authfile", file, "-u", "ann", "-p", "secret", registry.address])
        #expect(try commit(importing: "docker://\(name)", environment: environment).status == 0)
        let build = try small.bake(["build"], environment: environment)
        #expect(build.status == 0, "\(build.errors)")
    }

    @Test("what the registry does not have, and what it has damaged; nothing of it is in the store")
    func damaged() throws {
        let registry = try LocalRegistry(in: directory)
        let name = "\(registry.address)/x/a"
        try push(try umoci("hello"), to: "\(name):1")
        let missing = try commit(importing: "docker://\(name):2")
        #expect(missing.status == 4 && missing.errors.contains("\(name):2: the registry does not have it"))
        #expect(try commit(importing: "docker://\(name):1").status == 0)
        let raw = try ForeignTool.run(
            "skopeo", ["inspect", "--raw", "--tls-verify=false", "docker://\(name):1"])
        let layer = try #require(try Screen.json(of: raw)["layers"]?.items?.first?["digest"]?.namedDigest)
        let path = "\(registry.data)/docker/registry/v2/blobs/sha256/\(layer.hex.prefix(2))/\(layer.hex)/data"
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(filePath: path))
        let build = try small.bake("build")
        #expect(build.status == 1 && build.errors.contains("it is damaged or hostile"), "\(build.errors)")
        #expect(!FileManager.default.fileExists(atPath: "\(small.store)/blobs/sha256/\(layer.hex)"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(small.store)/tmp").isEmpty)
    }
}
