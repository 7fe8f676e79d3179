import BakeModel
import Foundation
import LinuxSystem
import Testing

@testable import RootFilesystem

/// What a command changes becomes a layer, and nothing else does.
@Suite struct RunTests {
    private let bench: Workbench
    private let base: Layer

    init() throws {
        bench = try Workbench()
        base = try bench.busybox()
    }

    @Test func changesBecomeEntries() throws {
        let (outcome, log) = try bench.run(
            [base],
            """
            echo hello > /data/new; chmod 4755 /data/new
            rm /data/one
            mkdir /opt; ln /data/new /opt/second; ln -s ../data/new /opt/soft; chown 33:34 /opt/second
            chmod 4755 /data/new
            """)
        #expect(log == "")
        #expect(outcome.ending == .exited(0))
        #expect(
            try bench.listing(#require(outcome.layer)) == [
                "drwxr-xr-x 0/0 data/", "-rw------- 0/0 data/.wh.one", "-rwsr-xr-x 33/34 data/new",
                "drwxr-xr-x 0/0 opt/", "hrwsr-xr-x 33/34 opt/second link to data/new",
                "lrwxrwxrwx 0/0 opt/soft -> ../data/new",
            ])
    }

    @Test func replacedDirectoryIsOpaque() throws {
        let (outcome, _) = try bench.run([base], "rm -r /data; mkdir /data; touch /data/only")
        let layer = try #require(outcome.layer)
        #expect(
            try bench.listing(layer) == [
                "drwxr-xr-x 0/0 data/", "-rw------- 0/0 data/.wh..wh..opq", "-rw-r--r-- 0/0 data/only",
            ])
        #expect(try bench.output([base, layer], "ls /data") == "only\n")
    }

    @Test func nothingChangedIsAnEmptyLayer() throws {
        let (outcome, _) = try bench.run(
            [base],
            "touch /tmp/a /run/b \(RunStep.directory)/c /dev/shm/d; cat /etc/hosts > /dev/null; ls / /proc > /dev/null")
        #expect(try bench.listing(#require(outcome.layer)) == [])
        #expect(try bench.leftovers() == [])
    }

    /// What a command forces to the disk is packed all the same, and nobody waits for it.
    @Test func nothingInTheRootWaitsForTheDisk() throws {
        let (outcome, log) = try bench.run(
            [base], "echo hello | dd of=/data/new conv=fsync status=none; grep ' / / ' /proc/self/mountinfo")
        #expect(log.contains("volatile"))
        let layer = try #require(outcome.layer)
        #expect(try bench.output([base, layer], "cat /data/new") == "hello\n")
    }

    @Test func statusAndSignalAreTold() throws {
        #expect(try bench.run([base], "exit 7").outcome == RunOutcome(ending: .exited(7), exceeded: nil, layer: nil))
        #expect(try bench.run([base], "kill -9 $$").outcome.ending == .signalled(9))
        #expect(try bench.run([base], "false; true").outcome.ending == .exited(1))
        let slow = try bench.run([base], "sleep 30 & sleep 30", limits: SandboxLimits(seconds: 0.3)).outcome
        #expect(slow == RunOutcome(ending: .signalled(9), exceeded: .time, layer: nil))
    }

    @Test func outputsAndInputs() throws {
        let inputs = try bench.layer(
            [bench.directory("src"), bench.file("src/a", mode: 0o600)], ["src/a": Array("in".utf8)])
        let (outcome, log) = try bench.run(
            [base], "pwd; mkdir -p dist/sub; cp src/a dist/sub/b; touch other /etc/lost",
            result: .outputs([treePath("dist/sub"), treePath("src/a")]), inputs: try bench.store.open(inputs.blob))
        #expect(log == "/work\n")
        #expect(
            try bench.listing(#require(outcome.layer)) == [
                "drwxr-xr-x 0/0 dist/", "drwxr-xr-x 0/0 dist/sub/", "-rw------- 0/0 dist/sub/b",
                "drwxr-xr-x 0/0 src/", "-rw------- 0/0 src/a",
            ])
        #expect { try bench.run([base], "true", result: .outputs([treePath("dist")])) } throws: {
            ($0 as? RemoteError)?.reason == "it does not exist"
        }
    }

    @Test func workBelongsToTheUser() throws {
        let inputs = try bench.layer(
            [bench.file("src/a", mode: 0o600), bench.link("src/link", to: "/etc/passwd")], ["src/a": Array("in".utf8)])
        let script =
            "cat src/a; echo > new; echo > src/b; rm src/link; stat -c '%u:%g' . src src/a; stat -c %u /etc/passwd"
        let (outcome, log) = try bench.run(
            [base], script, result: .outputs([treePath("src")]), inputs: try bench.store.open(inputs.blob), user: "www")
        #expect(log == "in33:34\n33:34\n33:34\n0\n")
        #expect(
            try bench.listing(#require(outcome.layer)) == [
                "drwxr-xr-x 33/34 src/", "-rw------- 33/34 src/a", "-rw-r--r-- 33/34 src/b",
            ])
    }

    @Test func deviceNodesAndReservedNamesAreRefused() throws {
        // mknod is refused in a user namespace, but for the whiteout's own 0:0, which outside an overlay is a device.
        #expect(try bench.run([base], "mknod /data/d c 1 3").outcome.ending == .exited(1))
        #expect { try bench.run([base], "touch /data/.wh.x") } throws: {
            ($0 as? RemoteError)?.subject == "/data/.wh.x"
        }
    }

    @Test func missingShellSaysSo() throws {
        let empty = try bench.layer([bench.directory("etc")])
        #expect { try bench.run([empty], "true") } throws: {
            let error = $0 as? RemoteError
            return error?.doing == "run" && error?.subject == "/bin/sh" && error?.reason == "No such file or directory"
        }
    }
}
