import BakeModel
import BakeTestSupport
import Foundation
import GitFixtures
import Testing

/// A command with network, whose output the lock pins.
@Suite struct FetchTests {
    private let small: SmallRepository
    private let served: String

    private static func pipeline(_ address: String, file: String = "data") -> String {
        """
        name: small
        stages:
          base: { import: base.tar.gz }
          data:
            from: base
            inputs: []
            fetch: mkdir got && cd got && busybox wget -q \(address)/\(file)
            output: got/
          app: { from: base, add: { /srv/: "data:got/" } }
        image: app

        """
    }

    init() throws {
        small = try SmallRepository()
        served = "\(small.git.directory.path)/served"
        try FileManager.default.createDirectory(atPath: served, withIntermediateDirectories: false)
        try publish("one\n")
    }

    private func publish(_ text: String) throws {
        try text.write(toFile: "\(served)/data", atomically: false, encoding: .utf8)
    }

    private func commitLock() throws {
        try small.git.commit("Lock")
    }

    @Test(
        "what was fetched when the lock was written is baked without network; other bytes are refused, and pinned anew when asked"
    )
    func pinned() throws {
        var server: FileServer? = try FileServer(directory: served)
        let address = try #require(server?.address)
        try small.git.commit(files: ["bake.yaml": Self.pipeline(address)])
        let early = try small.bake("build")
        #expect(early.errors.contains("small.lock in the commit does not pin it"), "\(early.errors)")
        let lock = try small.bake("lock")
        #expect(lock.status == 0, "\(lock.errors)")
        #expect(lock.errors.contains("data  fetched"))
        try commitLock()

        server = nil
        try publish("two\n")
        #expect(try small.bake("build", "-q").line == "small@1")
        #expect(try small.bake("enter", "small@1", "--", "cat", "/srv/data").output == "one\n")
        // Neither the network nor the store has it: the error is the command's.
        try FileManager.default.removeItem(atPath: small.store)
        let alone = try small.bake("build")
        #expect(alone.status == 1)
        #expect(alone.errors.contains("wget"), "\(alone.errors)")

        let other = try FileServer(directory: served)
        try small.git.commit(files: ["bake.yaml": Self.pipeline(other.address)])
        let stale = try small.bake("build")
        #expect(stale.status != 0)
        #expect(stale.errors.contains("pins what it fetched before its command"), "\(stale.errors)")
        #expect(try small.bake("lock").status == 0)
        try commitLock()
        #expect(try small.bake("build", "-q").line == "small@1")
        #expect(try small.bake("enter", "small@1", "--", "cat", "/srv/data").output == "two\n")

        try publish("three\n")
        try FileManager.default.removeItem(atPath: small.store)
        let changed = try small.bake("build")
        #expect(changed.status == 1)
        #expect(changed.errors.contains("and the lock pins sha256:"), "\(changed.errors)")
        #expect(changed.errors.contains("bake lock --update"))
        #expect(try small.bake("lock").errors.contains("nothing changed"))
        let update = try small.bake("lock", "--update")
        #expect(update.errors.contains("data  fetched  "), "\(update.errors)")
        #expect(update.errors.contains(" -> "))
        try commitLock()
        #expect(try small.bake("build", "-q").line == "small@1")
    }

    @Test("the same lock gives the same image in another store")
    func reproducible() throws {
        let server = try FileServer(directory: served)
        try small.git.commit(files: ["bake.yaml": Self.pipeline(server.address)])
        #expect(try small.bake("lock").status == 0)
        try commitLock()
        _ = try small.bake("build")
        let image = try small.bake("show", "small@1", "-q").line
        try FileManager.default.removeItem(atPath: small.store)
        _ = try small.bake("build")
        #expect(try small.bake("show", "small@1", "-q").line == image)
        withExtendedLifetime(server) {}
    }

    @Test("a command with network trusts whom the machine trusts, and takes its proxies; one without sees neither")
    func machinesNetwork() throws {
        let place = "/etc/ssl/certs/ca-certificates.crt"
        let save = "{ cat \(place); echo \"proxy $https_proxy\"; } > seen"
        let pipeline = """
            name: small
            stages:
              base: { import: base.tar.gz, files: { \(place): "the root's own" } }
              with: { from: base, inputs: [], fetch: '\(save)', output: seen }
              without: { from: base, inputs: [], run: '\(save)', output: seen }
              app: { from: base, add: { /srv/with: with:seen, /srv/without: without:seen } }
            image: app

            """
        try small.git.commit(files: ["bake.yaml": pipeline])
        let lock = try small.bake(["lock"], environment: ["https_proxy=http://proxy.example:3128"])
        #expect(lock.status == 0, "\(lock.errors)")
        try commitLock()
        #expect(try small.bake("build", "-q").line == "small@1")
        let trusted = try String(contentsOfFile: place, encoding: .utf8)
        #expect(
            try small.bake("export", "small@1:/srv/with").output == trusted + "proxy http://proxy.example:3128\n")
        #expect(try small.bake("export", "small@1:/srv/without").output == "the root's ownproxy \n")
    }

    @Test("the password of a proxy is no more kept than a secret is, and is printed as little")
    func proxyPassword() throws {
        func lock(_ command: String) throws -> Screen {
            try small.git.commit(files: [
                "bake.yaml": """
                name: small
                stages:
                  base: { import: base.tar.gz }
                  with: { from: base, inputs: [], fetch: '\(command)', output: seen }
                  app: { from: base, add: { /srv/with: with:seen } }
                image: app

                """
            ])
            return try small.bake(["lock"], environment: ["https_proxy=http://ann:opensesame@proxy.example:3128"])
        }
        let kept = try lock("echo $https_proxy > seen")
        #expect(kept.status == 1)
        #expect(kept.errors.contains("the secret https_proxy"), "\(kept.errors)")
        let printed = try lock("echo > seen; echo $https_proxy; echo ${https_proxy#*ann:}; false")
        #expect(
            printed.errors.contains("[secret https_proxy]") && !printed.errors.contains("sesame"), "\(printed.errors)")
    }
}
