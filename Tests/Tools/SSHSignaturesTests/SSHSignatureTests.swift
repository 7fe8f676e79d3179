import BakeModel
import Foundation
import LinuxSystem
import Testing

@testable import SSHSignatures

@Suite struct SSHSignatureTests {
    private let bench = try! Bench()
    private let text = Array("a statement".utf8)
    private let time = Timestamp(seconds: 1_800_000_000)

    @Test("who signed is told by the key, under the first of the names")
    func signed() throws {
        let alice = try bench.key("alice")
        let bob = try bench.key("bob")
        let verifier = SSHVerifier(
            try AllowedSigners("alice,alice@example.org,uid:1000 \(alice.publicHalf)\nbob \(bob.publicHalf)\n"))
        for (key, name) in [(alice, "alice"), (bob, "bob")] {
            let signature = try SSHSigner(key: key.path, environment: []).sign(text, namespace: "approve.bake")
            let signer = try verifier.signer(of: text, signature: signature, namespace: "approve.bake", at: time)
            #expect(signer == name)
        }
    }

    @Test("what is forged, foreign, expired or unknown is told apart")
    func refused() throws {
        let alice = try bench.key("alice")
        let line = { (options: String) in try AllowedSigners("alice \(options) \(alice.publicHalf)\n") }
        let signature = try SSHSigner(key: alice.path, environment: []).sign(text, namespace: "approve.bake")
        func fault(
            _ signers: AllowedSigners, _ bytes: [UInt8], _ namespace: String, _ armoured: String
        ) -> SignatureFault? {
            #expect(throws: SignatureFault.self) {
                try SSHVerifier(signers).signer(of: bytes, signature: armoured, namespace: namespace, at: time)
            }
        }
        let plain = try line("")
        #expect(fault(plain, Array("another".utf8), "approve.bake", signature)?.exit == .refused)
        guard case .forged = fault(plain, text, "policy.bake", signature) else { Issue.record("not foreign"); return }
        guard case .expired = fault(try line("valid-before=\"20200101\""), text, "approve.bake", signature),
            case .expired = fault(try line("valid-after=\"20400101\""), text, "approve.bake", signature)
        else { Issue.record("not expired"); return }
        let mallory = try AllowedSigners("mallory \(try bench.key("mallory").publicHalf)\n")
        #expect(fault(mallory, text, "approve.bake", signature) == .unknownSigner)
        guard case .unreadable = fault(plain, text, "approve.bake", "nonsense"),
            case .unreadable = fault(plain, text, "approve.bake", "-----BEGIN SSH SIGNATURE-----\nAAAA\n")
        else { Issue.record("not unreadable"); return }
    }

    @Test("an agent signs where only the public half is at hand")
    func agent() throws {
        let alice = try bench.key("alice")
        let agent = try Agent(in: bench.directory, key: alice.path)
        defer { agent.end() }
        try FileManager.default.removeItem(atPath: alice.path)
        let bare = SSHSigner(key: "\(alice.path).pub", environment: [])
        #expect(throws: SignatureFault.self) { try bare.sign(text, namespace: "approve.bake") }
        let signature = try SSHSigner(key: "\(alice.path).pub", environment: ["SSH_AUTH_SOCK=\(agent.socket)"])
            .sign(text, namespace: "approve.bake")
        let verifier = SSHVerifier(try AllowedSigners("alice \(alice.publicHalf)\n"))
        #expect(
            try verifier.signer(of: text, signature: signature, namespace: "approve.bake", at: time) == "alice")
    }

    @Test("a key that is not there")
    func missing() {
        let fault = #expect(throws: SignatureFault.self) {
            try SSHSigner(key: "/nonexistent/key", environment: []).sign(text, namespace: "approve.bake")
        }
        #expect(fault?.exit == .usage)
    }
}

/// Keys in a directory that goes with it.
private final class Bench: Sendable {
    let directory: String

    struct Key {
        let path: String
        let publicHalf: String
    }

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "bake-keys-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    func key(_ name: String) throws -> Key {
        let path = "\(directory)/\(name)"
        let run = try CompletedProcess.run(
            "/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path], environment: [])
        try #require(run.ending.succeeded)
        let line = try String(contentsOfFile: "\(path).pub", encoding: .utf8)
        return Key(path: path, publicHalf: line.trimmingCharacters(in: .whitespacesAndNewlines))
    }
}

/// An ssh-agent of the test's own.
private struct Agent {
    let socket: String
    private let process: ChildProcess

    init(in directory: String, key: String) throws {
        socket = "\(directory)/agent"
        process = try ChildProcess.start("/usr/bin/ssh-agent", ["-D", "-a", socket], environment: [])
        for _ in 0..<200 where access(socket, F_OK) != 0 { usleep(10_000) }
        let run = try CompletedProcess.run(
            "/usr/bin/ssh-add", ["-q", key], environment: ["SSH_AUTH_SOCK=\(socket)"])
        try #require(run.ending.succeeded)
    }

    func end() {
        process.kill()
        _ = try? process.wait()
    }
}
