import BakeModel
import BakeTestSupport
import Foundation
import Glibc
import LinuxSystem
import Testing

/// `bake doctor` on machines that lack something, each in a mount namespace of its own.
@Suite struct DoctorTests {
    private let small: SmallRepository

    init() throws { small = try SmallRepository() }

    private func checks(_ screen: Screen) throws -> [String: JSON] {
        let items = try screen.json()["checks"]?.items ?? []
        return Dictionary(items.map { ($0["name"]?.string ?? "", $0) }) { $1 }
    }

    /// Runs it where a shell has changed the mounts before.
    private func doctor(after script: String, _ arguments: String...) throws -> Screen {
        let words = ["/usr/bin/unshare", "-m", "/bin/sh", "-c", "\(script) && exec \"$@\"", "sh"]
        return try small.bake(["doctor", "--json"] + arguments, wrapper: words)
    }

    @Test("without a store: everything is tried, nothing is left")
    func withoutStore() throws {
        let screen = try small.bake("doctor", "--json")
        #expect(try screen.json()["schema"]?.string == "bake/doctor/1")
        let checks = try checks(screen)
        for name in ["kernel", "user namespaces", "seccomp", "overlay", "sandbox", "store", "file system", "clock"] {
            #expect(checks[name]?["state"]?.string == "ok", "\(name): \(checks[name]?.canonical ?? "no such check")")
        }
        #expect(checks["reserve"] == nil)
        #expect(!FileManager.default.fileExists(atPath: small.store))
        let left = try FileManager.default.contentsOfDirectory(atPath: small.git.directory.path)
        #expect(!left.contains { $0.contains("doctor") })
    }

    @Test("with a store: its reserve is looked at too, and its directory stays as it was")
    func withStore() throws {
        try #require(try small.bake("build").status == 0)
        let names = { Set(try FileManager.default.contentsOfDirectory(atPath: small.store)) }
        let before = try names()
        #expect(try checks(try small.bake("doctor", "--json"))["reserve"]?["state"]?.string == "ok")
        #expect(try names() == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(small.store)/tmp") == [])
    }

    @Test(
        "a missing program is an exit of 1 and the command that installs it",
        .enabled(if: getuid() == 0, "only root can hide a program of the machine"))
    func missingProgram() throws {
        let screen = try doctor(after: "mount --bind /dev/null /usr/bin/mmdebstrap")
        #expect(screen.status == 1)
        let check = try #require(try checks(screen)["mmdebstrap"])
        #expect(check["state"]?.string == "missing")
        #expect(check["remedy"]?.string == "as root: apt-get install mmdebstrap")
        #expect(try screen.json()["fit"]?.bool == false)
    }

    @Test(
        "a disk that is nearly full, one that is an overlay itself, and a masked /proc as in containers",
        .enabled(if: getuid() == 0, "only root can mount a disk of its own for a test"))
    func unfitMachines() throws {
        let store = "\(small.store)/of/mine"
        let full = try doctor(
            after: "mkdir -p '\(small.store)' && mount -t tmpfs -o size=32m none '\(small.store)'", "--store", store)
        #expect(full.status == 1)
        #expect(try checks(full)["space"]?["state"]?.string == "missing")
        let masked = try doctor(after: "mount -t tmpfs none /proc/fs", "--store", store)
        #expect(masked.status == 1)
        #expect(try checks(masked)["namespaces"]?["remedy"]?.string?.contains("systempaths=unconfined") == true)
        // As in a container: an overlay takes no changes for another one.
        let odd = """
            mkdir -p '\(small.store)' && cd '\(small.store)' && mount -t tmpfs none . && cd "$PWD" && mkdir a b c d &&
            mount -t overlay -o lowerdir=a,upperdir=b,workdir=c none d && mount --bind d .
            """
        #expect(try checks(try doctor(after: odd, "--store", store))["overlay"]?["state"]?.string == "missing")
    }

    @Test(
        "an ordinary user with subordinate ids is fit, in the directory of the store and where that cannot be",
        .enabled(if: TestUsers.areAvailable, "needs root, useradd and newuidmap"),
        arguments: ["a home", "no place"])
    func ordinaryUser(place: String) throws {
        let users = try TestUsers()
        let home = users.home(of: .alice)
        let store = place == "a home" ? "\(home)/store" : "/usr/lib/bake"
        let screen = try users.bake(as: .alice, store: store, ["doctor", "--json"])
        let checks = try checks(screen)
        for name in ["subordinate ids", "overlay", "sandbox"] {
            #expect(checks[name]?["state"]?.string == "ok", "\(name): \(checks[name]?.canonical ?? "no such check")")
        }
        #expect(try screen.json()["fit"]?.bool == (place == "a home"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: home) == [])
    }

    @Test(
        "a user without subordinate ids, and a store that cannot be written: what to type",
        .enabled(if: getuid() == 0, "only root can become another user"))
    func unprivileged() throws {
        let copy = "/tmp/bake-doctor-\(UInt64.random(in: .min ... .max))"
        _ = try CompletedProcess.run("/bin/cp", [small.bakePath, copy], environment: ["PATH=/usr/bin:/bin"])
        defer { unlink(copy) }
        let done = try CompletedProcess.run(
            "/usr/bin/setpriv", ["--reuid", "33", "--regid", "33", "--clear-groups", copy, "doctor", "--json"],
            environment: ["PATH=/usr/bin:/bin", "BAKE_STORE=/usr/lib/bake"])
        #expect(done.ending == .exited(1))
        let items = try JSON(parsing: done.output)["checks"]?.items ?? []
        let remedy = { (name: String) in items.first { $0["name"]?.string == name }?["remedy"]?.string }
        #expect(remedy("subordinate ids")?.contains("usermod --add-subuids") == true)
        #expect(remedy("store")?.contains("--store DIR") == true)
    }
}
