import BakeModel
import Foundation
import Glibc
import LinuxSystem
import Testing

@testable import SpecRun

/// What is enabled where systemd manages the services, which goss asks `systemctl is-enabled`.
@Suite struct UnitFileSearchTests {
    /// As systemctl 252 calls them; one that it does not know has an exit status and no word.
    static let states: [(String, UnitFileState)] = [
        ("wanted", .enabled), ("wanted.service", .enabled), ("off", .disabled), ("plain", .static), ("reqd", .enabled),
        ("masked", .masked), ("empty", .masked), ("vendorwant", .disabled), ("ssh", .enabled), ("sshd", .alias),
        ("onlyalias", .enabled), ("dbus-only", .alias), ("strange", .indirect), ("othername", .alias),
        ("also", .indirect), ("getty@", .enabled), ("getty@tty1", .enabled), ("getty@tty2", .disabled),
        ("inst@", .indirect), ("inst@a", .enabled), ("inst@b", .disabled), ("vinst@", .disabled), ("vinst@v", .static),
        ("linked", .linked), ("linkedon", .enabled), ("renamed", .alias), ("deep", .notFound), ("gen", .generated),
        ("runt", .enabledRuntime), ("rmask", .masked), ("dropin", .disabled), ("reset", .static), ("over", .disabled),
        ("base", .static), ("pkgalias", .alias), ("dangling", .notFound), ("loop", .notFound), ("dir", .notFound),
        ("both", .disabled), ("sock", .notFound), ("sock.socket", .enabled), ("a.b", .enabled), ("tgt.target", .static),
        ("cont", .disabled), ("comment", .static), ("file", .disabled), ("linkdir", .disabled), ("alt@", .alias),
        ("alt@x", .disabled), ("other@x", .disabled), ("nope", .notFound),
    ]

    @Test func tellsEveryState() throws {
        let root = try ServiceRoot()
        let search = UnitFileSearch(try MountedRoot(at: root.path))
        for (name, state) in Self.states { #expect(try search.state(of: UnitName(name)) == state, "\(name)") }
    }

    /// The table above is not ours: the real systemctl says the same of the same files.
    @Test(.enabled(if: access("/usr/bin/systemctl", X_OK) == 0)) func systemctlAgrees() throws {
        let root = try ServiceRoot()
        let names = Self.states.map(\.0) + ["old", "old5", "olds"]
        let manager = try ServiceManager(of: try MountedRoot(at: root.path))
        for name in names {
            let said = try CompletedProcess.run(
                "/usr/bin/systemctl", ["--root=\(root.path)", "is-enabled", name],
                environment: ["PATH=/usr/bin:/bin"], deadline: 60)
            #expect(try manager.isEnabled(name) == said.ending.succeeded, "\(name): \(said.text)")
        }
    }
}
