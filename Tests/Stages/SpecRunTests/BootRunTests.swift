import BakeModel
import BlobStorage
import Foundation
import LinuxSystem
import Testing

@testable import SpecRun

/// Images side by side in real sandboxes: Debian's static busybox, its web server and client.
@Suite(.serialized, .enabled(if: FileManager.default.fileExists(atPath: "/bin/busybox")))
struct BootRunTests {
    private let directory: TemporaryDirectory
    private let store: BlobStore
    private let layer: Layer

    init() throws {
        directory = try TemporaryDirectory()
        store = try BlobStore.create(at: "\(directory.path)/store")
        var image = try TestImage.busybox()
        for applet in ["hostname", "cat", "echo", "ps"] { image.addLink("bin/\(applet)", to: "busybox") }
        layer = try image.pack(into: store)
    }

    private static let other = Digest.of("another image".utf8)

    private func verdict(
        _ text: String, command: [String]? = ["httpd", "-f", "-p", "8080", "-h", "/srv"], patience: Double = 5
    ) throws -> Verdict {
        let other = StageRoot(layers: [layer], configuration: ImageConfiguration(command: command))
        return try SpecRunner(store: store, program: BuiltBake.program).run(
            try Spec(parsing: text, name: "together.yaml"),
            on: .image(layers: [layer], configuration: ImageConfiguration(command: command)),
            with: SpecSurroundings(images: ["app:production": .init(digest: Self.other, root: other)]),
            patience: SpecPatience(deadline: Int64(patience * 1000)), deadline: 60)
    }

    /// Each has ports, processes, a loopback and a host name of its own, and reaches the other by its name.
    @Test func knowEachOther() throws {
        let verdict = try verdict(
            """
            boot:
              app:
                image: app:production
                ports: [8080]
                spec: { process: { httpd: { running: true } }, addr: { "tcp://web:9090": { reachable: true } } }
              web:
                cmd: [httpd, -f, -p, "9090", -h, /]
                user: web
                env: { GREETING: hi }
                spec:
                  http:
                    http://app:8080/: { status: 200, body: [hello] }
                    http://localhost:9090/srv/index.html: { status: 200 }
                    http://localhost:8080/: { status: 200, timeout: 500, skip: true }
                  port:
                    tcp6:9090: { listening: true }
                    tcp6:8080: { listening: false }
                  addr:
                    tcp://localhost:8080: { reachable: false }
                    tcp://app:8080: { reachable: true }
                  dns: { app: { resolvable: true, addrs: [10.0.0.2] } }
                  interface: { eth0: { exists: true, addrs: [10.0.0.3/24], mtu: 1500 } }
                  command:
                    wget -qO - http://app:8080/; hostname; echo $GREETING; id -u:
                      { exit-status: 0, stdout: [hello, /^web$/, hi, /^33$/] }
            """)
        #expect(
            verdict.letters == "p" + "p" + "pp" + "p" + "ppp" + "s" + "pp" + "pp" + "pp" + "ppp" + "pp",
            "\(verdict.checks)")
        #expect(verdict.checks[0].resource == "boot" && verdict.checks[0].id == "app")
        #expect(verdict.checks[1].id == "tcp://app:8080 in app")
        #expect(verdict.output == nil)
        #expect(verdict.images == ["app:production": Self.other])
        #expect(Verdict(verdict.json) == verdict)
    }

    /// The client asks once and ends where nobody answers: it may only be started when the server answers.
    @Test func comeOneAfterTheOther() throws {
        let verdict = try verdict(
            """
            boot:
              client:
                after: server
                cmd: wget -qO /dev/null http://server:8080/ && exec httpd -f -p 1 -h /
                ports: [1]
              server:
                cmd: sleep 1; exec httpd -f -p 8080 -h /srv
                ports: [8080]
            """)
        #expect(verdict.letters == "pppp", "\(verdict.checks)")
    }

    /// One that does not become as expected holds back what comes after it, and what all of them wrote is shown.
    @Test func holdBackWhatComesAfter() throws {
        let start = ContinuousClock.now
        let verdict = try verdict(
            """
            boot:
              broken: { cmd: "echo bad config; exit 7", ports: [80] }
              next: { after: broken, spec: { process: { httpd: { running: true } } } }
              last: { after: next }
              well: { cmd: "echo I am well; exec sleep 100", spec: { process: { sleep: { running: true } } } }
            """, patience: 30)
        #expect(verdict.letters == "ff" + "es" + "e" + "pp", "\(verdict.checks)")
        #expect(verdict.checks[0].outcome.explanation.hasSuffix("found it ended with exit status 7"))
        #expect(verdict.checks[2].outcome == .error("broken is not as expected, and next comes after it"))
        #expect(verdict.checks[3].outcome == .skipped("next was not started"))
        #expect(verdict.output == "broken | bad config\nwell | I am well")
        // A process that has ended is not waited for.
        #expect(ContinuousClock.now - start < .seconds(15))
    }

    /// A process that does its work and ends well has not failed; one that cannot be started has.
    @Test func mayHaveDoneTheirWork() throws {
        let verdict = try verdict(
            "boot: { done: { cmd: [\"true\"] }, none: { cmd: [/nope] }, absent: { image: other@1 } }",
            command: ["true"])
        #expect(verdict.letters == "eee", "\(verdict.checks)")
        let well = try self.verdict("boot: { done: { cmd: [test, a] }, other: { cmd: [sleep, \"9\"] } }")
        #expect(well.letters == "pp", "\(well.checks)")
        // Nothing shows that it runs before it fails.
        let late = try self.verdict(
            "boot: { late: { cmd: \"sleep 1; exit 3\", spec: { file: { /srv: { exists: true } } } } }")
        #expect(late.letters == "fp", "\(late.checks)")
    }

    /// Who asks another image is told that its process has ended, also where that is no failure.
    @Test func theEndOfAnotherIsTold() throws {
        let verdict = try verdict(
            """
            boot:
              app: { cmd: [test, a] }
              web:
                cmd: [sleep, "9"]
                spec:
                  addr: { "tcp://app:8080": { reachable: true }, "tcp://web:1": { reachable: true } }
                  http: { "http://App:8080/": { status: 200 } }
            """, patience: 0.5)
        #expect(verdict.letters == "p" + "p" + "ff" + "e", "\(verdict.checks)")
        let end = " (app's process has ended with exit status 0)"
        #expect(verdict.checks[2].outcome == .failed(expected: "true", found: "false\(end)"))
        #expect(verdict.checks[3].outcome == .failed(expected: "true", found: "false"))
        #expect(verdict.checks[4].outcome.explanation.hasSuffix(end), "\(verdict.checks)")
    }

    /// Nothing is left of them, however they ended: no process, no directory.
    @Test func leaveNothing() throws {
        let mark = "\(getpid())\(UInt32.random(in: 0 ... .max))"
        let script = "trap '' TERM; sleep 1\(mark) & exec sleep 1\(mark)"
        let verdict = try verdict(
            "boot: { a: { cmd: \"\(script)\" }, b: { cmd: \"\(script)\", spec: { process: { no: { running: true } } } } }",
            patience: 0.3)
        #expect(verdict.letters == "ppf", "\(verdict.checks)")
        let processes = try CompletedProcess.run("/bin/ps", ["-eo", "args"], environment: [])
        #expect(!processes.text.contains("1\(mark)"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(store.path)/tmp") == [])
    }

    /// Container-structure-test's commands have the network, too.
    @Test func takeStructureTests() throws {
        try directory.write(
            "web.yaml",
            """
            schemaVersion: 2.0.0
            commandTests: [{name: ask, command: wget, args: [-qO, "-", "http://app:8080/"], expectedOutput: [hello]}]
            metadataTest: {cmd: [sleep, "60"]}

            """)
        let spec = try Spec(
            parsing: "boot: { app: { ports: [8080] }, web: { after: app, cmd: [sleep, \"60\"], spec: web.yaml } }",
            name: "t.yaml", with: SpecContext(files: MachineSpecFiles(relativeTo: directory.path)))
        let configuration = ImageConfiguration(command: ["httpd", "-f", "-p", "8080", "-h", "/srv"])
        let verdict = try SpecRunner(store: store, program: BuiltBake.program)
            .run(spec, on: .image(layers: [layer], configuration: configuration), deadline: 60)
        #expect(verdict.isPass && verdict.passed == 6, "\(verdict.checks)")
    }
}
