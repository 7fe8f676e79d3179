import BakeModel
import Foundation
import Testing

@testable import SpecRun

/// Services as goss judges them, by what manages them.
@Suite struct ServiceStateTests {
    /// Where systemctl is there: what it says, and no run levels.
    static let systemd: [(String, String)] = [
        ("wanted: {enabled: true, runlevels: []}", "pp"), ("wanted.service: {enabled: true}", "p"),
        ("sshd: {enabled: true}", "p"), ("plain: {enabled: true}", "p"), ("off: {enabled: false}", "p"),
        ("masked: {enabled: false}", "p"), ("nope: {enabled: false}", "p"), ("\"../wanted\": {enabled: false}", "p"),
        // A script without a unit counts by its links in rcS.d and rc5.d, one with a unit by the unit.
        ("old: {enabled: false, runlevels: [\"2\"]}", "pf"), ("old5: {enabled: true}", "p"),
        ("olds: {enabled: true}", "p"),
        ("both: {enabled: false}", "p"), ("alpine: {enabled: false}", "p"),
        // A service asserts what it names; nothing is skipped, as in goss.
        ("nope: {enabled: true, runlevels: [\"2\"]}", "ff"), ("off: {skip: true, enabled: true}", "s"),
        // Whether it runs is asked of the image's process, of which there is none here.
        ("wanted: {enabled: true, running: true}", "pe"), ("wanted: {running: true, runlevels: []}", "ep"),
    ]

    /// Where it is not: the links of `/etc/rcN.d`, of which `rcS.d` has no number, and units count for nothing.
    static let scripts: [(String, String)] = [
        ("old: {enabled: true, runlevels: [\"2\", \"3\"]}", "pp"),
        ("old: {runlevels: {consist-of: [\"2\", \"3\"]}}", "p"), ("old5: {enabled: true, runlevels: [\"5\"]}", "pp"),
        ("olds: {enabled: false}", "p"), ("wanted: {enabled: false}", "p"), ("alpine: {enabled: false}", "p"),
    ]

    private func judge(_ service: String, in root: ServiceRoot) throws -> Verdict {
        // Of two, so that a spec that skips one is none that skips everything.
        let spec = try SpecFile(parsing: "service:\n  \(service)\nfile: {/: {exists: true}}\n", name: "goss.yaml")
        let image = ImageState(try MountedRoot(at: root.path))
        return SpecSuite(spec: spec, image: image, processes: NoProcesses(), patience: .none).verdict()
    }

    @Test(arguments: systemd)
    func asksUnits(service: String, letters: String) throws {
        let verdict = try judge(service, in: ServiceRoot())
        #expect(verdict.letters == letters + "p", "\(verdict.checks.map(\.outcome))")
    }

    @Test(arguments: scripts)
    func asksScripts(service: String, letters: String) throws {
        let verdict = try judge(service, in: ServiceRoot(hasSystemd: false))
        #expect(verdict.letters == letters + "p", "\(verdict.checks.map(\.outcome))")
    }

    /// The other managers, each by the mark that goss knows it by.
    @Test func knowsOtherManagers() throws {
        let alpine = try ServiceRoot(hasSystemd: false)
        try alpine.write("etc/alpine-release", "3.20.0\n")
        #expect(try judge("alpine: {enabled: true, runlevels: [default]}", in: alpine).letters == "ppp")
        let ubuntu = try ServiceRoot(hasSystemd: false)
        try ubuntu.write("etc/lsb-release", "DISTRIB_ID=Ubuntu\n")
        try ubuntu.write("etc/init/job.conf", "  start on runlevel [2345]\n")
        try ubuntu.write("etc/init/held.conf", "start on runlevel [2345]\n")
        try ubuntu.write("etc/init/held.override", "manual\n")
        #expect(try judge("job: {enabled: true}", in: ubuntu).letters == "pp")
        #expect(try judge("held: {enabled: false}", in: ubuntu).letters == "pp")
        #expect(try judge("old: {enabled: true, runlevels: [\"2\"]}", in: ubuntu).letters == "ppp")
        // Before Debian 9 scripts counted beside units.
        let jessie = try ServiceRoot()
        try jessie.write("etc/debian_version", "8.11\n")
        #expect(try judge("old: {enabled: true}", in: jessie).letters == "pp")
        try jessie.write("etc/debian_version", "12.5\n")
        #expect(try judge("old: {enabled: true}", in: jessie).letters == "fp")
    }

    /// By the program of its unit file or its script, or its own name; the kernel keeps 15 bytes of it.
    @Test(arguments: [
        ("web", "webserverd", true), ("www", "webserverd", true), ("web", "web", true), ("web", "other", false),
        ("daemon", "old-daemon-with", true), ("idle", "sh", false), ("idle", "idle", true),
    ])
    func findsItsProgram(name: String, program: String, expected: Bool) throws {
        let root = try ServiceRoot()
        try root.write(
            "usr/lib/systemd/system/web.service", "[Service]\nExecStart=-/usr/sbin/webserverd --foreground\n")
        try root.link("etc/systemd/system/www.service", "/lib/systemd/system/web.service")
        try root.write("usr/lib/systemd/system/idle.service", "[Service]\nExecStart=/bin/sh -c x\n")
        try root.write("etc/init.d/daemon", "#!/bin/sh\nDAEMON=/usr/sbin/old-daemon-with-a-long-name\n")
        let state = ServiceState(name: name, root: try MountedRoot(at: root.path)) { $0 == program }
        #expect(try state.value(of: .running) == .bool(expected))
    }
}
