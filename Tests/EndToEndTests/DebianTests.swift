import BakeTestSupport
import Foundation
import GitFixtures
import Glibc
import LinuxSystem
import Testing

/// The real Debian root, baked twice with everything varied at once, and tested by who baked it.
@Suite struct DebianTests {
    /// What base-files, passwd and base-passwd own, whoever looks at it; numbers from /usr/share/base-passwd.
    private let owners = """
        file:
          /etc/shadow: { exists: true, owner: root, group: shadow, mode: "0640", gid: 42 }
          /usr/bin/passwd: { exists: true, owner: root, mode: "4755", uid: 0 }
          /var/mail: { exists: true, filetype: directory, group: mail, mode: "2775" }
        command: { "id -u; stat -c %U:%G /etc/shadow": { exit-status: 0, stdout: ["0", "root:shadow"] } }
        process: { nginx: { running: true } }

        """

    @Test(
        "Pipelines/web: one digest in another directory, as another user, with another clock, host name, locale, umask")
    func oneDigest() throws {
        let first = try WebRepository(lock: nil)
        let lock = try String(contentsOfFile: "\(first.path)/web.lock", encoding: .utf8)
        let second = try WebRepository(lock: lock)
        let user = OrdinaryUser.withSubordinateIDs
        if let user { try second.give(to: user) }
        let plain = Worker { try first.bake(["/bin/sh", "-c", "exec \"$@\"", "sh"], jobs: 2, []) }
        let identity = user.map { "setpriv --reuid \($0.id) --regid \($0.group) --clear-groups" } ?? ""
        let script = "hostname other.example; umask 077; exec \(identity) faketime '2031-05-06 07:08:09' \"$@\""
        let varied = Worker {
            try second.bake(
                ["/usr/bin/unshare", "-u", "/bin/sh", "-c", script, "sh"], jobs: 1, ["TZ=Asia/Tokyo", "LC_ALL=C.UTF-8"])
        }
        let digests = try [plain.result(), varied.result()]
        #expect(digests[0].hasPrefix("sha256:") && digests[0] == digests[1], "\(digests)")
        let tested = try second.test(["/bin/sh", "-c", "exec \(identity) \"$@\"", "sh"], owners)
        #expect(tested.hasPrefix("16 passed 0 failed"), "\(tested)")
    }
}

/// A copy of Pipelines/web, committed, with a store of its own.
private final class WebRepository: Sendable {
    private let place: TemporaryDirectory
    let path: String

    /// - Parameter lock: the text of the lock; solved where nil.
    init(lock: String?) throws {
        place = try TemporaryDirectory()
        path = "\(place.path)/web"
        try FileManager.default.copyItem(atPath: Repository.root.appending(path: "Pipelines/web").path, toPath: path)
        // By another process: one of ours, started meanwhile, could hold the copy open for writing (ETXTBSY).
        let copy = try CompletedProcess.run(
            "/bin/cp", [BuiltBake.program.path, "\(place.path)/bake"], environment: ["PATH=/usr/bin:/bin"])
        try #require(copy.ending.succeeded)
        _ = try TestRepository.git(["init", "-q", "-b", "main"], in: path)
        if let lock {
            try lock.write(toFile: "\(path)/web.lock", atomically: true, encoding: .utf8)
        } else {
            let solved = try CompletedProcess.run(
                "\(place.path)/bake", ["lock"], environment: environment([]), directory: path)
            try #require(solved.ending.succeeded, "\(solved.lastErrors)")
        }
        _ = try TestRepository.git(["add", "."], in: path)
        _ = try TestRepository.git(["commit", "-q", "-m", "A site"], in: path)
    }

    func give(to user: OrdinaryUser) throws {
        let owner = "\(user.id):\(user.group)"
        let run = try CompletedProcess.run(
            "/bin/chown", ["-R", owner, place.path], environment: ["PATH=/usr/bin:/bin"])
        try #require(run.ending.succeeded)
    }

    /// Bakes, and returns the image's digest.
    func bake(_ wrapper: [String], jobs: Int, _ variables: [String]) throws -> String {
        let words = wrapper + ["\(place.path)/bake", "build", "--json", "-j", String(jobs)]
        let run = try CompletedProcess.run(
            words[0], Array(words.dropFirst()), environment: environment(variables), directory: path, deadline: 900)
        guard run.ending.succeeded else { return run.lastErrors }
        return try Screen.json(of: run.text)["image"]?.string ?? ""
    }

    /// Tests the image again, by another spec, and returns the last line.
    func test(_ wrapper: [String], _ spec: String) throws -> String {
        try spec.write(toFile: "\(place.path)/again.yaml", atomically: true, encoding: .utf8)
        let words = wrapper + ["\(place.path)/bake", "test", "web@1", "\(place.path)/again.yaml"]
        let run = try CompletedProcess.run(
            words[0], Array(words.dropFirst()), environment: environment([]), directory: path, deadline: 300)
        return run.ending.succeeded ? String(run.text.split(separator: "\n").last ?? "") : run.lastErrors + run.text
    }

    private func environment(_ more: [String]) -> [String] {
        ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=\(place.path)", "BAKE_STORE=\(place.path)/store"]
            + DebianProxies.environment + more
    }
}

/// A user of this machine who is not root.
private struct OrdinaryUser: Sendable {
    let id: uid_t
    let group: gid_t

    /// The first that /etc/subuid names, where these tests run as root; nil elsewhere, and then the user is not varied.
    static var withSubordinateIDs: OrdinaryUser? {
        guard geteuid() == 0, let text = try? String(contentsOfFile: "/etc/subuid", encoding: .utf8),
            let name = text.split(separator: ":").first, let entry = getpwnam(String(name))
        else { return nil }
        return OrdinaryUser(id: entry.pointee.pw_uid, group: entry.pointee.pw_gid)
    }
}
