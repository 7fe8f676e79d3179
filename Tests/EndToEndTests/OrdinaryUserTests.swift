import BakeTestSupport
import Foundation
import GitFixtures
import Glibc
import LinuxSystem
import Testing

/// Tests by a user who is not root.
@Suite(.enabled(if: TestUsers.areAvailable)) struct OrdinaryUserTests {
    private func write(_ path: String, _ text: String) throws {
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        chmod(path, 0o644)
    }

    @Test("this machine, a real Debian", .enabled(if: access("/var/lib/dpkg/status", R_OK) == 0))
    func machine() throws {
        let users = try TestUsers()
        try write(
            "\(users.directory)/goss.yaml",
            """
            file: { /etc/passwd: { exists: true, mode: "0644", uid: 0, owner: root, contents: ["/^root:x?:0:/"] } }
            package: { dpkg: { installed: true }, no-such-package: { installed: false } }
            user: { root: { exists: true, uid: 0 }, \(users.name(of: .reader)): { exists: true } }
            command: { "id -un": { exit-status: 0, stdout: [\(users.name(of: .reader))] } }

            """)
        let screen = try users.bake(
            as: .reader, store: "/nope", ["test", "--root", "/", "\(users.directory)/goss.yaml"])
        #expect(screen.status == 0 && screen.line == "12 passed 0 failed", "\(screen)")
    }

    @Test("a directory of root's: what can be seen is judged, and owners that cannot are an error")
    func directory() throws {
        let users = try TestUsers()
        let root = "\(users.directory)/root"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: false)
        try SmallRoot.write(to: "\(users.directory)/root.tar.gz")
        try ForeignTool.run("tar", ["-C", root, "-xzf", "\(users.directory)/root.tar.gz"])
        try write(
            "\(users.directory)/goss.yaml",
            "file: { /bin/busybox: { exists: true, filetype: file, uid: 65534, owner: root } }\ncommand: { \"ls /etc\": { exit-status: 0, stdout: [passwd] } }\n"
        )
        let screen = try users.bake(
            as: .reader, store: "/nope", ["test", "--root", root, "\(users.directory)/goss.yaml"])
        #expect(screen.status == 1 && screen.line == "4 passed 2 failed", "\(screen)")
        #expect(screen.errors.contains("error    file /bin/busybox uid"), "\(screen)")
        #expect(screen.errors.contains("who owns it is hidden from this user; root sees it"), "\(screen)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: users.home(of: .reader)) == [])
    }
}
