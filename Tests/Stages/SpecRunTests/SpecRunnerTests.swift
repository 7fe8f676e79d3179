import BakeModel
import BlobStorage
import Foundation
import LinuxSystem
import TarArchive
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
        layer = try Self.makeLayer(in: store)
    }

    private static func makeLayer(in store: BlobStore) throws -> Layer {
        var files: [String: (bytes: [UInt8], mode: UInt16)] = [
            "bin/busybox": (Array(try Data(contentsOf: URL(fileURLWithPath: "/bin/busybox"))), 0o755),
            "etc/passwd": (Array("root:x:0:0::/root:/bin/sh\nweb:x:33:33::/:/bin/sh\n".utf8), 0o644),
            "etc/group": (Array("root:x:0:\nweb:x:33:\n".utf8), 0o644),
            "srv/index.html": (Array("<h1>hello</h1>\n".utf8), 0o644),
        ]
        files["srv/large"] = ([UInt8](repeating: 0x78, count: 3 << 20), 0o644)
        var entries: [TreePath: TreeEntry] = [:]
        for (name, file) in files {
            let path = try TreePath(cleaning: name)
            entries[path] = TreeEntry(path: path, kind: .regular(size: UInt64(file.bytes.count)), mode: file.mode)
            entries[path.parent] = TreeEntry(path: path.parent, kind: .directory, mode: 0o755)
        }
        for applet in ["sh", "httpd", "cat", "sleep", "id", "touch", "yes", "test"] {
            let path = try TreePath(cleaning: "bin/\(applet)")
            entries[path] = TreeEntry(path: path, kind: .symlink(target: Array("busybox".utf8)), mode: 0o777)
        }
        let blob = try store.newBlob()
        let writer = try LayerWriter(to: blob.descriptor, threads: 1)
        for entry in entries.values.sorted(by: { $0.path < $1.path }) {
            var rest = files[entry.path.description]?.bytes[...]
            let isFile = rest != nil
            try writer.append(
                entry,
                content: isFile
                    ? { buffer in
                        let part = rest?.prefix(buffer.count) ?? []
                        buffer.copyBytes(from: part)
                        rest = rest?.dropFirst(part.count)
                        return part.count
                    } : nil)
        }
        let layer = try writer.finish()
        _ = try blob.commit(claimed: layer.blob, size: layer.size)
        return layer
    }

    private func verdict(
        _ text: String, command: [String]? = ["httpd", "-f", "-p", "8080", "-h", "/srv"], user: String? = nil,
        patience: Double = 5
    ) throws -> Verdict {
        let configuration = ImageConfiguration(
            command: command, environment: ["GREETING=hello"], user: user, workingDirectory: "/srv")
        return try SpecRunner(store: store, program: BuiltBake.program).run(
            try SpecFile(parsing: text, name: "goss.yaml"), layers: [layer], configuration: configuration,
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
              sshd: {running: false}
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

    /// Each command has a root of its own: none sees what another one, or the machine, left.
    @Test func commandsLeaveNothing() throws {
        let text = "command: {touch /srv/a /etc/b: {exit-status: 0}, test -e /srv/a -o -e /etc/b: {exit-status: 1}}"
        #expect(try verdict(text).letters == "pp")
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
        #expect(found.hasSuffix("ended with exit status 7; its last lines: starting\nbad config)"), "\(found)")
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
}
