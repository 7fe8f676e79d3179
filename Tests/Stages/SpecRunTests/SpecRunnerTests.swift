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
        ports: [String] = [], patience: Double = 5
    ) throws -> Verdict {
        let configuration = ImageConfiguration(
            command: command, environment: ["GREETING=hello"], ports: ports, user: user, workingDirectory: "/srv")
        return try SpecRunner(store: store, program: BuiltBake.program).run(
            try Spec(parsing: text, name: "goss.yaml"), on: .image(layers: [layer], configuration: configuration),
            patience: patience, deadline: 60)
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

    /// Nobody listens before somebody could: where nothing shows that the process has begun, its declared ports do, and
    /// without those that it stays up.
    @Test func whatMustNotBeIsAskedOnceTheProcessHasBegun() throws {
        let late = ["sh", "-c", "sleep 0.4; exec httpd -f -p 8080 -h /srv"]
        let text = "port: { tcp6:8080: { listening: false } }"
        #expect(try verdict(text, command: late, ports: ["8080"]).letters == "f")
        #expect(try verdict(text, command: late).letters == "f")
        #expect(try verdict("addr: { tcp://127.0.0.1:8080: { reachable: false } }", command: late).letters == "f")
        #expect(try verdict("process: { httpd: { running: false } }", command: late).letters == "f")
        #expect(try verdict("port: { tcp:22: { listening: false } }", ports: ["8080/tcp"]).letters == "p")
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
              net.ipv4.ip_forward: {value: "0"}
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
              sleep 100: {exit-status: 0, timeout: 300}
              yes: {exit-status: 0, timeout: 20000}
              sleep 100 &: {exit-status: 0, timeout: 5000}
            """
        let verdict = try verdict(text)
        #expect(verdict.letters == "eep", "\(verdict.checks)")
        #expect(verdict.checks[0].outcome == .error("cannot run the command: it did not end within 300 ms"))
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
            patience: 5, deadline: 60)
        #expect(verdict.letters == "pp" + "p" + "ppp" + "pp", "\(verdict.checks)")
    }
}
