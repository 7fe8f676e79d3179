import BakeTestSupport
import Foundation
import GitFixtures
import Glibc
import LinuxSystem
import Testing

/// What a test leaves behind: nothing, also where it is ended in the middle.
@Suite struct InterruptedTestTests {
    private let place: TemporaryDirectory
    private let mark: String

    init() throws {
        place = try TemporaryDirectory()
        mark = "\(getpid())\(UInt16.random(in: 0 ... .max))"
    }

    private func write(_ name: String, _ text: String) throws {
        try text.write(toFile: "\(place.path)/\(name)", atomically: false, encoding: .utf8)
    }

    /// Whether a process runs that sleeps so long.
    private func runs(_ seconds: String) -> Bool {
        let run = try? CompletedProcess.run("/usr/bin/pgrep", ["-f", "^sleep \(seconds)"], environment: [])
        return run?.ending.succeeded == true
    }

    /// Waits until it runs, a minute at most.
    private func awaits(_ seconds: String) {
        let deadline = ContinuousClock.now + .seconds(60)
        while !runs(seconds), ContinuousClock.now < deadline { usleep(20_000) }
    }

    @Test("a daemon that a command on this machine leaves in a session of its own ends with the command")
    func daemons() throws {
        try write(
            "goss.yaml", "command: { \"setsid sleep 77.\(mark) & echo done\": { exit-status: 0, stdout: [done] } }\n")
        let run = try CompletedProcess.run(
            BuiltBake.program.path, ["test", "--root", "/", "goss.yaml"],
            environment: ["PATH=/usr/bin:/bin", "HOME=\(place.path)"], directory: place.path, deadline: 120)
        #expect(run.ending.succeeded, "\(run.lastErrors)")
        #expect(!runs("77.\(mark)"))
    }

    @Test("Ctrl-C in a test of this machine: exit 130, no process, no file")
    func machine() throws {
        try write(
            "goss.yaml",
            "command: { \"setsid sleep 78.\(mark) & exec sleep 79.\(mark)\": { exit-status: 0, timeout: 60000 } }\n")
        try FileManager.default.createDirectory(atPath: "\(place.path)/tmp", withIntermediateDirectories: false)
        let child = try ChildProcess.start(
            BuiltBake.program.path, ["test", "--root", "/", "goss.yaml"],
            environment: ["PATH=/usr/bin:/bin", "HOME=\(place.path)", "TMPDIR=\(place.path)/tmp"], directory: place.path
        )
        awaits("79.\(mark)")
        kill(child.id, SIGINT)
        #expect(try child.wait() == .exited(130))
        #expect(!runs("78.\(mark)") && !runs("79.\(mark)"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(place.path)/tmp") == [])
    }

    @Test("Ctrl-C in a test of an image: exit 130, and nothing unfinished is left in the store")
    func image() throws {
        let small = try SmallRepository()
        #expect(try small.bake("build", "-q").line == "small@1")
        try small.git.write("slow.yaml", "command: { \"sleep 76.\(mark)\": { exit-status: 0, timeout: 60000 } }\n")
        let child = try small.start(["test", "small", "slow.yaml"])
        awaits("76.\(mark)")
        kill(child.id, SIGINT)
        #expect(try child.wait() == .exited(130))
        #expect(!runs("76.\(mark)"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(small.store)/tmp") == [])
    }

    @Test("a dry run that is interrupted leaves no more than another one")
    func dryRun() throws {
        let small = try SmallRepository()
        #expect(try small.bake("build", "-q").line == "small@1")
        try small.git.write(
            "slow.yaml",
            "process: { httpd: { running: true } }\ncommand: { \"sleep 75.\(mark)\": { exit-status: 0, timeout: 60000 } }\n"
        )
        let child = try small.start(["test", "small", "slow.yaml", "--dry-run"])
        awaits("75.\(mark)")
        kill(child.id, SIGTERM)
        #expect(try child.wait() == .exited(130))
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(small.store)/tmp") == [])
    }

    @Test("what kill -9 leaves in TMPDIR goes with the next test: rspec's files, and roots full of subordinate ids")
    func killed() throws {
        let small = try SmallRepository()
        #expect(try small.bake("build", "-q").line == "small@1")
        let temporary = "\(place.path)/tmp"
        try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: false)
        try write("slow.yaml", "command: { \"sleep 73.\(mark)\": { exit-status: 0, timeout: 60000 } }\n")
        try write("quick.yaml", "command: { \"true\": { exit-status: 0 } }\n")
        for seconds in ["73.\(mark)", "0"] {
            try write(
                "spec\(seconds)_spec.rb",
                "require 'serverspec'\nset :backend, :exec\nset :os, family: 'debian'\n"
                    + "describe(command('sleep \(seconds)')) { its(:exit_status) { should eq 0 } }\n")
        }
        func start(_ words: [String]) throws -> ChildProcess {
            try ChildProcess.start(
                BuiltBake.program.path, ["test"] + words,
                environment: [
                    "PATH=/usr/bin:/bin", "HOME=\(place.path)", "TMPDIR=\(temporary)", "BAKE_STORE=\(small.store)",
                ],
                directory: place.path)
        }
        func left() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: temporary).count }
        for (slow, quick) in [
            (["--root", "/", "slow.yaml"], ["--root", "/", "quick.yaml"]),
            (["small", "--serverspec", "spec73.\(mark)_spec.rb"], ["small", "--serverspec", "spec0_spec.rb"]),
        ] {
            let child = try start(slow)
            awaits("73.\(mark)")
            child.kill()
            _ = try child.wait()
            #expect(try left() == 1)
            #expect(try start(quick).wait() == .exited(0))
            #expect(try left() == 0)
        }
    }

    @Test(
        "who may only read a store is left with nothing in TMPDIR, whose roots are full of subordinate ids; nor is who tests a directory",
        .enabled(if: TestUsers.areAvailable, "only root can make users for a test"))
    func reader() throws {
        let users = try TestUsers()
        let small = try SmallRepository()
        #expect(try small.bake("build", "-q").line == "small@1")
        try ForeignTool.run("chmod", ["-R", "a+rX", small.git.directory.path])
        let home = users.home(of: .reader)
        let slow = "sleep 74.\(mark)"
        try "command: { \"id > /srv/made; \(slow)\": { exit-status: 0, timeout: 60000 } }\n"
            .write(toFile: "\(home)/slow.yaml", atomically: false, encoding: .utf8)
        try ForeignTool.run("tar", ["-C", home, "--one-top-level=root", "-xzf", "\(small.git.path)/base.tar.gz"])
        try ForeignTool.run("chmod", ["755", "\(home)/root"])
        let ended = "\"$@\" & until pgrep -f '^\(slow)' >&2; do sleep 0.05; done; kill -TERM $!; wait $!"
        for words in [["test", "small", "slow.yaml"], ["test", "--root", "root", "slow.yaml"]] {
            let screen = try users.bake(
                as: .reader, store: small.store, words,
                wrapper: ["/usr/bin/timeout", "60", "/bin/sh", "-c", ended, "sh"])
            #expect(screen.status == 130 && screen.errors.contains("interrupted"), "\(screen)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: home).sorted() == ["root", "slow.yaml"])
        }
    }
}
