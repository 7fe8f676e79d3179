import BakeModel
import Foundation
import Testing

@testable import SpecRun

/// Debian's two kinds of services, and Alpine's run levels, in a small root.
@Suite struct ServiceStateTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        let unit =
            "[Service]\nExecStart=-/usr/sbin/webserverd --foreground\n[Install]\nWantedBy=multi-user.target\nAlias=www.service\n"
        try directory.write("lib/systemd/system/web.service", unit)
        try directory.write("lib/systemd/system/idle.service", "[Service]\nExecStart=/bin/sh -c x\n")
        try directory.write("etc/init.d/old", "#!/bin/sh\nDAEMON=/usr/sbin/old-daemon-with-a-long-name\n")
        for path in [
            "etc/systemd/system/multi-user.target.wants", "etc/rc2.d", "etc/rc3.d", "etc/rc0.d",
            "etc/runlevels/default",
        ] {
            try FileManager.default.createDirectory(
                atPath: "\(directory.path)/\(path)", withIntermediateDirectories: true)
        }
        link("etc/systemd/system/multi-user.target.wants/web.service", "/lib/systemd/system/web.service")
        link("etc/systemd/system/www.service", "/lib/systemd/system/web.service")
        link("etc/systemd/system/masked.service", "/dev/null")
        link("etc/systemd/system/multi-user.target.wants/masked.service", "/lib/systemd/system/masked.service")
        link("etc/rc2.d/S01old", "../init.d/old")
        link("etc/rc3.d/S01old", "../init.d/old")
        link("etc/rc0.d/K01old", "../init.d/old")
        link("etc/runlevels/default/alpine", "/etc/init.d/alpine")
    }

    private func link(_ path: String, _ target: String) { symlink(target, "\(directory.path)/\(path)") }

    static let table: [(String, String)] = [
        ("web: {enabled: true, runlevels: []}", "pp"), ("web.service: {enabled: true}", "p"),
        ("www: {enabled: true}", "p"),
        ("idle: {enabled: false}", "p"), ("masked: {enabled: false}", "p"), ("nope: {enabled: false}", "p"),
        ("old: {enabled: true, runlevels: [\"2\", \"3\"]}", "pp"),
        ("old: {runlevels: {consist-of: [\"2\", \"3\"]}}", "p"),
        ("alpine: {enabled: true, runlevels: [default]}", "pp"), ("\"../web\": {enabled: false}", "p"),
        // A service asserts what it names; nothing is skipped, as in goss.
        ("nope: {enabled: true, runlevels: [\"2\"]}", "ff"), ("web: {skip: true, enabled: true}", "s"),
        // Whether it runs is asked of the image's process, of which there is none here.
        ("web: {enabled: true, running: true}", "ee"),
    ]

    @Test(arguments: table)
    func judges(service: String, letters: String) throws {
        // Of two, so that a spec that skips one is none that skips everything.
        let spec = try SpecFile(parsing: "service:\n  \(service)\nfile: {/: {exists: true}}\n", name: "goss.yaml")
        let image = ImageState(try ImageRoot(at: directory.path))
        let verdict = SpecSuite(spec: spec, image: image, processes: NoProcesses(), deadline: 0).verdict()
        #expect(verdict.letters == letters + "p", "\(verdict.checks.map(\.outcome))")
    }

    /// By the program of its unit file or its script, or its own name; the kernel keeps 15 bytes of it.
    @Test(arguments: [
        ("web", "webserverd", true), ("www", "webserverd", true), ("web", "web", true), ("web", "other", false),
        ("old", "old-daemon-with", true), ("idle", "sh", false), ("idle", "idle", true),
    ])
    func findsItsProgram(name: String, program: String, expected: Bool) throws {
        let state = ServiceState(name: name, root: try ImageRoot(at: directory.path)) { $0 == program }
        #expect(try state.value(of: .running) == .bool(expected))
    }
}
