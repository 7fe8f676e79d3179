import BakeModel
import BlobStorage
import Foundation
import LinuxSystem
import Testing

@testable import SpecRun

/// A whole image in a real sandbox: Debian's static busybox, with its web server as the image's own process.
@Suite(.serialized, .enabled(if: FileManager.default.fileExists(atPath: "/bin/busybox")))
struct SpecRunnerTests {
    private let directory: TemporaryDirectory
    private let store: BlobStore
    private let layer: Layer

    init() throws {
        directory = try TemporaryDirectory()
        store = try BlobStore.create(at: "\(directory.path)/store")
        layer = try TestImage.busybox().pack(into: store)
    }

    private func verdict(
        _ text: String, command: [String]? = ["httpd", "-f", "-p", "8080", "-h", "/srv"], user: String? = nil,
        environment: [String] = ["GREETING=hello"], ports: [String] = [], patience: Double = 5,
        repeatsCommands: Bool = false
    ) throws -> Verdict {
        let configuration = ImageConfiguration(
            command: command, environment: environment, ports: ports, user: user, workingDirectory: "/srv")
        var waiting = SpecPatience(deadline: Int64(patience * 1000))
        waiting.repeatsCommands = repeatsCommands
        return try SpecRunner(store: store, program: BuiltBake.program).run(
            try Spec(parsing: text, name: "goss.yaml"), on: .image(layers: [layer], configuration: configuration),
            patience: waiting, deadline: 60)
    }

    @Test func asksARunningServer() throws {
        let text = """
            http:
              http://127.0.0.1:8080/:
                status: 200
                headers: ["Content-Type: text/html"]
                body: ["<h1>hello</h1>"]
              http://localhost:8080/nope: {status: 404}
              http://127.0.0.1:8080/large: {status: 200, body: {have-len: 3145728}}
            port:
              tcp6:8080: {listening: true, ip: ["::"]}
              tcp:22: {listening: false}
            process:
              httpd: {running: true}
              bake: {running: false}
            file:
              /srv/index.html: {exists: true, mode: "0644", owner: root}
              /etc/hostname: {exists: false}
            """
        let verdict = try verdict(text)
        #expect(verdict.letters == "ppp" + "p" + "pp" + "pp" + "p" + "pp" + "ppp" + "p", "\(verdict.checks)")
    }

    @Test func runsCommandsAsTheImageSays() throws {
        let text = """
            command:
              echo $GREETING; pwd; id -u: {exit-status: 0, stdout: [hello, /srv, "33"], stderr: ""}
              echo no >&2; exit 3: {exit-status: 3, stderr: "no\\n"}
              test -e /tmp/a || test -e /srv/a: {exit-status: 1}
              exit 1: {exit-status: 0, stdout: "x"}
            """
        let verdict = try verdict(text, command: nil, user: "web")
        #expect(verdict.letters == "ppp" + "pp" + "p" + "ff", "\(verdict.checks)")
    }

    /// Where there is no shell, as in an image of one program.
    @Test func runsCommandsWithoutAShell() throws {
        var image = TestImage()
        try image.addBusybox(as: "bin/echo")
        let text = """
            command:
              said: { exit-status: 0, exec: [echo, "$HOME  &"], stdout: "$HOME  &\\n" }
              none: { exit-status: 127, exec: [nothing] }
              echo with a shell: { exit-status: 0 }
            """
        let subject = SpecSubject.image(
            layers: [try image.pack(into: store)], configuration: ImageConfiguration(command: ["echo", "here"]))
        let runner = SpecRunner(store: store, program: BuiltBake.program)
        let found = try runner.run(try Spec(parsing: text, name: "goss.yaml"), on: subject, deadline: 60)
        #expect(found.letters == "pp" + "e" + "e", "\(found.checks)")
        #expect(found.checks[2].outcome == .error("cannot run nothing: No such file or directory"))
        let beside = try runner.run(
            try Spec(parsing: "process: { x: { running: false } }\n\(text)", name: "goss.yaml"), on: subject,
            deadline: 60)
        #expect(beside.letters == "p" + "pp" + "e" + "e", "\(beside.checks)")
    }

    /// A number says little about why a command failed.
    @Test func aFailedCommandShowsWhatItWroteLast() throws {
        let text = """
            command:
              echo out; printf 'one\\n\\ntwo\\n' >&2; exit 4: {exit-status: 0, stdout: "else"}
              seq 9; exit 5: {exit-status: 0}
              exit 6: {exit-status: 0}
              echo fine >&2: {exit-status: 0}
            """
        let verdict = try verdict(text)
        #expect(verdict.letters == "ff" + "f" + "f" + "p", "\(verdict.checks)")
        #expect(verdict.checks.map(\.wrote) == ["one\ntwo", nil, "5\n6\n7\n8\n9", nil, nil])
        let lines = TerminalReport(verdict).failures
        #expect(
            lines[1...4] == ["         expected 0   found 4", "         it wrote:", "           one", "           two"])
    }

    /// -1 is what goss says of a shell that a signal ended, and says nothing else.
    @Test func aCommandThatASignalEndedSaysWhich() throws {
        let text = """
            command:
              kill -SEGV $$: { exit-status: 0 }
              kill -SEGV $$ && true: { exit-status: -1 }
              sh -c 'kill -KILL $$'; exit $?: { exit-status: 0 }
              exit 255: { exit-status: 0 }
            """
        let verdict = try verdict(text)
        #expect(verdict.letters == "fpff", "\(verdict.checks)")
        let found = verdict.checks.compactMap { if case .failed(_, let found) = $0.outcome { found } else { nil } }
        #expect(
            found == [
                "-1 (killed by SIGSEGV, signal 11)",
                "137 (as of a shell whose command was killed by SIGKILL, signal 9)", "255",
            ])
    }

    /// Each command has a root of its own, for as long as it runs: none sees what another one left.
    @Test func commandsLeaveNothing() throws {
        let text = """
            command:
              touch /srv/a /etc/b: {exit-status: 0}
              test -e /srv/a -o -e /etc/b: {exit-status: 1}
              sleep 0.3; touch /srv/late && test -e /srv/late: {exit-status: 0}
            """
        let verdict = try verdict(text)
        #expect(verdict.letters == "ppp", "\(verdict.checks)")
    }

    private static let serving = [
        "sh", "-c", "echo $$ > /tmp/pid; echo ready > /srv/state; exec httpd -f -p 8080 -h /srv",
    ]

    /// As `docker exec`: the root with what the process made of it, its processes, its network; the image's user and
    /// environment.
    @Test func commandsBesideTheProcessAreInItsWorld() throws {
        let text = """
            process: { httpd: { running: true } }
            command:
              busybox pidof httpd: { exit-status: 0 }
              busybox pidof sshd: { exit-status: 1 }
              test $(busybox pidof httpd) = $(busybox cat /tmp/pid): { exit-status: 0 }
              busybox cat /srv/state: { exit-status: 0, stdout: [ready] }
              wget -qO - http://localhost:8080/state: { exit-status: 0, stdout: [ready] }
              echo $GREETING; pwd; id -u; busybox hostname: { exit-status: 0, stdout: [hello, /srv, "0", bake] }
              echo here > /srv/left: { exit-status: 0 }
              read word < /srv/left; echo $word: { exit-status: 0, stdout: [here] }
              busybox ls -l /proc/self/fd | busybox grep -c ' -> ': { exit-status: 0, stdout: ["3"] }
              busybox grep -e NoNewPrivs -e Seccomp.[[:space:]] /proc/self/status: { stdout: ["/1$/", "/2$/"], exit-status: 0 }
              exit 3: { exit-status: 3 }
            """
        let verdict = try verdict(text, command: Self.serving)
        #expect(
            verdict.letters == "p" + "p" + "p" + "p" + "pp" + "pp" + "pp" + "p" + "pp" + "pp" + "pp" + "p",
            "\(verdict.checks)")
        let user = try self.verdict(
            "process: { httpd: { running: true } }\ncommand: { id -u; id -g: { exit-status: 0, stdout: [\"33\"] } }",
            user: "web")
        #expect(user.letters == "ppp", "\(user.checks)")
    }

    /// A process that is there is none that works: it may be on its way to its end.
    @Test func aProcessThatEndsSoonIsNoPass() throws {
        let text = "process: { sh: { running: true } }"
        let dying = ["sh", "-c", "sleep 0.3; echo cannot read config; exit 3"]
        #expect(try verdict(text, command: dying, ports: ["8080"]).letters == "f")
        #expect(try verdict(text, command: dying).letters == "f")
        // What it declares and never opens.
        let idle = ["sh", "-c", "sleep 100; true"]
        let never = try verdict("port: { tcp:22: { listening: false } }", command: idle, ports: ["8080"], patience: 2.5)
        #expect(never.letters == "pf", "\(never.checks)")
        #expect(never.checks.last?.outcome.explanation.contains("nobody did within 2500 ms") == true)
        #expect(try verdict(text, command: idle).letters == "p")
        // One that ends of what it is asked.
        let once = ["sh", "-c", "busybox nc -l -p 8080 -e busybox true; sleep 0.05; exit 3"]
        let asked = try verdict(
            "port: { \"tcp6:8080\": { listening: true } }\ncommand: { busybox nc 127.0.0.1 8080: { exit-status: 0 } }",
            command: once)
        #expect(asked.letters == "ppf", "\(asked.checks)")
    }

    /// A program finds what its image says, and what the image brings where a build's sandbox has empty directories.
    @Test func theImageIsAsItWillRun() throws {
        let command = ["sh", "-c", "busybox env > /srv/env; exec httpd -f -p 8080 -h /srv"]
        let text = """
            port: { tcp6:8080: { listening: true } }
            command:
              busybox cut -d= -f1 /srv/env | busybox grep -v -e PWD -e SHLVL | busybox sort | busybox tr '\\n' ' ':
                exit-status: 0
                stdout: ["/^GREETING HOME PATH $/"]
              test -d /run/app: { exit-status: 0 }
            """
        var image = TestImage()
        image.addDirectory("run/app")
        let configuration = ImageConfiguration(command: command, environment: ["GREETING=hello"])
        let found = try SpecRunner(store: store, program: BuiltBake.program).run(
            try Spec(parsing: text, name: "goss.yaml"),
            on: .image(layers: [layer, try image.pack(into: store)], configuration: configuration),
            patience: SpecPatience(deadline: 5000), deadline: 60)
        #expect(found.letters == "p" + "pp" + "p", "\(found.checks)")
    }

    /// As under docker: what insists on being process 1 is, signals to 1 reach it, and nothing of bake's is in sight.
    @Test func theProcessIsTheFirstOfItsNamespace() throws {
        let loop = "while :; do busybox sleep 0.05; done"
        let command = ["sh", "-c", "trap 'echo hung up > /srv/signal' HUP; echo $$ > /srv/number; \(loop)"]
        let text = """
            process: { sh: { running: true }, bake: { running: false } }
            command:
              busybox cat /srv/number /proc/1/comm: { exit-status: 0, stdout: ["/^1$/", "/^sh$/"] }
              kill -HUP 1: { exit-status: 0 }
              until test -e /srv/signal; do busybox sleep 0.05; done: { exit-status: 0, timeout: 5000 }
              busybox ps -o pid= -o ppid= | busybox grep '^ *1 ': { exit-status: 0, stdout: ["/1 +0$/"] }
              kill -TERM 1: { exit-status: 0 }
              busybox pidof sh: { exit-status: 0 }
            """
        for user in [nil, "web"] {
            let start = ContinuousClock.now
            let verdict = try verdict(
                text.replacing("/srv/", with: "/tmp/"), command: command.map { $0.replacing("/srv/", with: "/tmp/") },
                user: user)
            #expect(verdict.letters == "pp" + "pp" + "p" + "p" + "pp" + "p" + "p", "\(verdict.checks)")
            // What does not heed SIGTERM, as no process 1 does that has not asked for it, ends all the same.
            #expect(ContinuousClock.now - start < .seconds(6))
        }
    }

    /// busybox's init, as systemd, runit and s6-overlay, is process 1 or ends at once.
    @Test func anInitStartsWhatItIsToStart() throws {
        var image = TestImage()
        image.add("etc/inittab", "::respawn:/bin/httpd -f -p 8080 -h /srv\n")
        let found = try SpecRunner(store: store, program: BuiltBake.program).run(
            try Spec(parsing: "port: { tcp6:8080: { listening: true } }", name: "goss.yaml"),
            on: .image(
                layers: [layer, try image.pack(into: store)],
                configuration: ImageConfiguration(command: ["busybox", "init"])),
            patience: SpecPatience(deadline: 5000), deadline: 60)
        #expect(found.letters == "p", "\(found.checks)")
    }

    /// Those of Debian that containers use; what commands leave behind they reap, runsvdir when its 5 s come round.
    @Test(
        .enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/runsvdir")),
        arguments: [["tini", "--"], ["dumb-init"], ["runsvdir", "/etc/service"]])
    func aContainersInitRunsWhatItIsGiven(init words: [String]) throws {
        let server = ["httpd", "-f", "-p", "8080", "-h", "/srv"]
        var image = TestImage()
        try image.addProgram("/usr/bin/\(words[0])")
        try image.addProgram("/usr/bin/runsv")
        image.add("etc/service/web/run", "#!/bin/sh\nexec \(server.joined(separator: " "))\n", mode: 0o755)
        let text = """
            port: { tcp6:8080: { listening: true } }
            process: { httpd: { running: true } }
            command:
              busybox cat /proc/1/comm: { exit-status: 0, stdout: "\(words[0])\\n" }
              sh -c 'busybox sleep 0.1 &'; busybox sleep 0.3: { exit-status: 0 }
              while busybox ps -o stat | busybox grep -q Z; do busybox sleep 0.1; done: { exit-status: 0, timeout: 9000 }
            """
        let command = words + (words.contains("/etc/service") ? [] : server)
        let found = try SpecRunner(store: store, program: BuiltBake.program).run(
            try Spec(parsing: text, name: "goss.yaml"),
            on: .image(
                layers: [layer, try image.pack(into: store)], configuration: ImageConfiguration(command: command)),
            patience: SpecPatience(deadline: 5000), deadline: 60)
        #expect(found.letters == "pp" + "pp" + "p" + "p", "\(found.checks)")
    }

    /// A daemon may change its own root, as haproxy and named do. The image's is still what is asked about.
    @Test func aProcessThatChangesItsRootIsSeen() throws {
        let server =
            "busybox cp /bin/busybox /srv/busybox-inside; exec busybox chroot /srv /busybox-inside httpd -f -p 8080"
        let text = """
            port: { tcp6:8080: { listening: true } }
            process: { busybox-inside: { running: true } }
            mount: { /: { exists: true, filesystem: overlay }, /proc: { exists: true } }
            kernel-param: { net.ipv4.ip_unprivileged_port_start: { value: "1024" } }
            command: { test -e /srv/busybox-inside: { exit-status: 0 } }
            """
        let verdict = try verdict(text, command: ["sh", "-c", server])
        #expect(verdict.letters == "p" + "p" + "ppp" + "p" + "p", "\(verdict.checks)")
    }

    /// A process 1 that waits for nobody keeps the dead, who do not run.
    @Test func theDeadDoNotRun() throws {
        let text = "process: { busybox: { running: false }, sleep: { running: true } }"
        #expect(try verdict(text, command: ["sh", "-c", "busybox true & exec sleep 100"]).letters == "pp")
    }

    /// What a command leaves in the background goes on, and ends with the image's process; nobody waits for it.
    @Test func commandsBesideTheProcessEndInTime() throws {
        let start = ContinuousClock.now
        let text = """
            process: { httpd: { running: true } }
            command:
              seq 9; sleep 100: { exit-status: 0, timeout: 300 }
              yes: { exit-status: 0, timeout: 20000 }
              sleep 101 & echo $!: { exit-status: 0, timeout: 5000 }
              busybox setsid sleep 102 & sleep 0.2: { exit-status: 0, timeout: 5000 }
              busybox ps | busybox grep -c '[s]leep 100': { exit-status: 1, timeout: 5000 }
              busybox ps | busybox grep -c '[s]leep 10[12]': { exit-status: 0, stdout: ["2"] }
            """
        let verdict = try verdict(text)
        #expect(verdict.letters == "p" + "eep" + "p" + "p" + "pp", "\(verdict.checks)")
        let late = #"it did not end within 300 ms; it wrote last: "5\n6\n7\n8\n9" to standard output"#
        #expect(verdict.checks[1].outcome == .error("cannot run the command: \(late)"))
        let tooLong = "cannot examine the command's output: it is longer than 16777216 bytes"
        #expect(verdict.checks[2].outcome == .error(tooLong))
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    /// As goss's --retry-timeout does; a command that is not as expected is otherwise run once.
    @Test func commandsRunAgainWhereThatIsAskedFor() throws {
        let command = ["sh", "-c", "httpd -p 8080 -h /srv; sleep 0.7; echo up > /srv/late; sleep 100"]
        let text = "port: { tcp6:8080: { listening: true } }\ncommand: { test -e /srv/late: { exit-status: 0 } }"
        #expect(try verdict(text, command: command).letters == "pf")
        #expect(try verdict(text, command: command, repeatsCommands: true).letters == "pp")
        #expect(try verdict(text, command: command, patience: 0.3, repeatsCommands: true).letters == "pf")
    }

    /// What has done its work is asked for what it left.
    @Test func commandsAfterTheProcessSeeWhatItLeft() throws {
        let text = """
            process: { httpd: { running: false } }
            command:
              busybox cat /srv/result: { exit-status: 0, stdout: [forty] }
              echo two > /srv/more: { exit-status: 0 }
              busybox cat /srv/more: { exit-status: 0 }
            """
        let verdict = try verdict(text, command: ["sh", "-c", "echo forty > /srv/result"])
        #expect(verdict.letters == "p" + "pp" + "p" + "p", "\(verdict.checks)")
    }

    /// A daemon that left its parent ends with it, as in a container: seen for a moment, it is no pass.
    @Test func whatRunsMustRunInTheEndToo() throws {
        let command = ["sh", "-c", "httpd -p 8080 -h /srv; sleep 0.1"]
        for text in ["port: { tcp6:8080: { listening: true } }", "process: { httpd: { running: true } }"] {
            let verdict = try verdict(text, command: command)
            #expect(verdict.checks.contains { $0.outcome.isFailure }, "\(verdict.checks)")
        }
        // What has done its work and leaves a file may end.
        let file = "process: { httpd: { running: false } }\ncommand: { test -e /srv/done: { exit-status: 0 } }"
        #expect(try verdict(file, command: ["sh", "-c", "echo > /srv/done"]).letters == "pp")
    }

    /// The end of process 1 ends all others of a container: no verdict on the command.
    @Test func aCommandThatTheProcessTookAlongIsAnError() throws {
        let text = "process: { sleep: { running: true } }\ncommand: { sleep 60: { exit-status: 137, timeout: 20000 } }"
        let verdict = try verdict(text, command: ["sh", "-c", "sleep 3; exit 0"])
        #expect(verdict.letters == "pe", "\(verdict.checks)")
        #expect(
            verdict.checks[1].outcome
                == .error(
                    "cannot run the command: the image's process, beside which it ran, ended with exit status 0, "
                        + "and everything there with it"))
    }

    /// Until its exec a command has this helper's memory and descriptors: the image's own process must not see them. A long
    /// search for the shell gives it time to look.
    @Test func theProcessCannotLookIntoWhatComesBeside() throws {
        let spy = """
            while :; do
                for each in /proc/[0-9]*; do
                    if /bin/busybox grep -q /bake $each/maps 2>/dev/null; then echo $each > /srv/found; fi
                done
            done
            """
        let commands = (0..<5).map { "  \"true \($0)\": { exit-status: 0 }" }.joined(separator: "\n")
        let text = "process: { sh: { running: true } }\ncommand:\n\(commands)\n  test -e /srv/found: { exit-status: 1 }"
        let path = "PATH=\(String(repeating: "/no:", count: 30_000))/bin"
        let verdict = try verdict(text, command: ["sh", "-c", spy], environment: [path])
        #expect(verdict.letters == "pppppp" + "p", "\(verdict.checks)")
    }

    /// Nobody listens before somebody could: where nothing shows that the process has begun, its declared ports do, and
    /// without those that it stays up.
    @Test func whatMustNotBeIsAskedOnceTheProcessHasBegun() throws {
        let late = ["sh", "-c", "sleep 0.4; exec httpd -f -p 8080 -h /srv"]
        let text = "port: { tcp6:8080: { listening: false } }"
        #expect(try verdict(text, command: late, ports: ["8080"], patience: 1).letters == "f")
        let others = [
            text, "addr: { tcp://127.0.0.1:8080: { reachable: false } }", "process: { httpd: { running: false } }",
        ]
        for text in others { #expect(try verdict(text, command: late, patience: 2.5).letters == "f", "\(text)") }
        #expect(try verdict("port: { tcp:22: { listening: false } }", ports: ["8080/tcp"]).letters == "p")
    }

    /// What a process made or wrote anew is not in the image: said where that makes a check fail.
    @Test func whatTheProcessChangedIsToldWhereTheImageFails() throws {
        let files = """
            file:
              /srv/state: { exists: true }
              /srv/other: { exists: true }
              /srv/index.html: { exists: true, contents: [bye], mode: "0600" }
              /srv/large: { exists: true, mode: "0600" }
            """
        let remark = " (in the image; it was changed beside its process, which a command sees)"
        let command = ["sh", "-c", "echo ready > /srv/state; echo '<h1>bye  </h1>' > /srv/index.html; exec sleep 100"]
        let found = { (text: String) in
            try verdict(text, command: command).checks.map { check in
                check.outcome.letter + (check.outcome.explanation.hasSuffix(remark) ? "!" : "")
            }.joined()
        }
        #expect(try found("\(files)\nprocess: { sleep: { running: true } }") == "f!" + "f" + "pf!f!" + "pf" + "p")
        #expect(try found("\(files)\ncommand: { exit 0: { exit-status: 0 } }") == "f" + "f" + "pff" + "pf" + "p")
    }

    @Test func aPortOfTheOtherVersionIsTold() throws {
        let text = "port: { tcp:8080: { listening: true } }\nprocess: { httpd: { running: true } }"
        let found = try verdict(text, patience: 0.5)
        #expect(found.letters == "fp", "\(found.checks)")
        #expect(found.checks[0].outcome == .failed(expected: "true", found: "false (tcp6:8080 is listened on)"))
    }

    @Test func aProcessThatFailedIsNoPass() throws {
        let text = "process: { nginx: { running: false } }\nport: { tcp:22: { listening: false } }"
        let failed = try verdict(text, command: ["sh", "-c", "echo no database; exit 3"])
        #expect(failed.letters == "ppf", "\(failed.checks)")
        #expect(failed.checks.last?.outcome.explanation.contains("it ended with exit status 3") == true)
        #expect(failed.output == "no database")
        #expect(try verdict(text, command: ["sh", "-c", "echo done"]).letters == "pp")
    }

    /// What runs in the image's own namespaces, and commands beside its process.
    @Test func asksOfTheImagesNamespaces() throws {
        let text = """
            addr:
              tcp://localhost:8080: {reachable: true}
              127.0.0.1:9: {reachable: false, timeout: 200}
            dns:
              localhost: {resolveable: true, addrs: ["127.0.0.1"]}
              nowhere.invalid: {resolvable: false}
            interface:
              lo: {exists: true, addrs: ["127.0.0.1/8"], mtu: 65536}
              eth0: {exists: false}
            kernel-param:
              net.ipv4.ip_unprivileged_port_start: {value: "1024"}
            mount:
              /: {exists: true, filesystem: overlay, usage: {le: 100}}
              /nope: {exists: false}
            service:
              httpd: {enabled: false, running: true}
              ntpd: {enabled: false, running: false}
            matching:
              it: {content: 1, matches: {lt: 2}}
            command:
              wget -qO - http://127.0.0.1:8080/: {exit-status: 0, stdout: [hello]}
            """
        let verdict = try verdict(text)
        #expect(verdict.letters == "pp" + "ppp" + "pppp" + "p" + "pppp" + "pppp" + "p" + "pp", "\(verdict.checks)")
    }

    @Test func endsCommandsInTime() throws {
        let start = ContinuousClock.now
        let text = """
            command:
              echo waits; echo for >&2; sleep 100: {exit-status: 0, timeout: 300}
              yes: {exit-status: 0, timeout: 20000}
              sleep 100 &: {exit-status: 0, timeout: 5000}
            """
        let verdict = try verdict(text)
        #expect(verdict.letters == "eep", "\(verdict.checks)")
        let late =
            "it did not end within 300 ms; it wrote last: \"for\" to standard error, \"waits\" to standard output"
        #expect(verdict.checks[0].outcome == .error("cannot run the command: \(late)"))
        let tooLong = "cannot examine the command's output: it is longer than 16777216 bytes"
        #expect(verdict.checks[1].outcome == .error(tooLong))
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test func tellsWhyTheProcessEnded() throws {
        let start = ContinuousClock.now
        let verdict = try verdict(
            "port: {\"8080\": {listening: true}}", command: ["sh", "-c", "echo starting; echo bad config >&2; exit 7"],
            patience: 30)
        guard case .failed(_, let found) = verdict.checks[0].outcome else {
            Issue.record("\(verdict.checks)")
            return
        }
        #expect(found.hasSuffix("ended with exit status 7; its last lines: \"starting\\nbad config\")"), "\(found)")
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test func tellsOfAMissingProcess() throws {
        let reason = "cannot start the image's own process: the image has neither cmd nor entrypoint"
        #expect(try verdict("process: {x: {running: true}}", command: nil).checks[0].outcome == .error(reason))
        #expect(try verdict("process: {x: {running: true}}", command: ["/nope"]).letters == "e")
    }

    /// The network is the image's own: what listens on this machine is not there.
    @Test func hasANetworkOfItsOwn() throws {
        let verdict = try verdict(
            "http: {\"http://127.0.0.1:8081/\": {status: 200}}", command: ["sleep", "100"], patience: 0.2)
        guard case .error(let reason) = verdict.checks[0].outcome else {
            Issue.record("\(verdict.checks)")
            return
        }
        #expect(reason.hasPrefix("cannot ask http://127.0.0.1:8081/: "))
    }

    /// The machine's nginx, with a master and workers of another user, if there is one.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/usr/sbin/nginx")))
    func asksNginx() throws {
        let configuration = """
            events {}
            http { access_log off; server { listen 8080; location / { return 200 "hello\\n"; } } }
            """
        var image = try TestImage.busybox()
        try image.addProgram("/usr/sbin/nginx")
        image.add("etc/nginx.conf", configuration)
        image.addDirectory("var/log/nginx")
        image.addDirectory("var/lib/nginx")
        let text = """
            port: {"tcp:8080": {listening: true, ip: [0.0.0.0]}}
            process: {nginx: {running: true}}
            http: {"http://127.0.0.1:8080/": {status: 200, headers: [/^Server. nginx/], body: [hello, "!error"]}}
            command: {"nginx -t -g 'user web;' -c /etc/nginx.conf": {exit-status: 0, stderr: [test is successful]}}
            """
        let command = ["nginx", "-g", "daemon off; user web;", "-c", "/etc/nginx.conf"]
        let verdict = try SpecRunner(store: store, program: BuiltBake.program).run(
            try Spec(parsing: text, name: "goss.yaml"),
            on: .image(
                layers: [layer, try image.pack(into: store)], configuration: ImageConfiguration(command: command)),
            patience: SpecPatience(deadline: 5000), deadline: 60)
        #expect(verdict.letters == "pp" + "p" + "ppp" + "pp", "\(verdict.checks)")
    }
}
