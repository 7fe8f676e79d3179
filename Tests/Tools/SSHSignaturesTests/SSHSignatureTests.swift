import BakeModel
import Foundation
import LinuxSystem
import SigningFixtures
import Testing

@testable import SSHSignatures

@Suite struct SSHSignatureTests {
    private let bench: SigningBench

    init() throws { bench = try SigningBench() }
    private let text = Array("a statement".utf8)
    private let time = Timestamp(seconds: 1_800_000_000)

    @Test("who signed is told by the key, under the first of the names")
    func signed() throws {
        let alice = try bench.key("alice")
        let bob = try bench.key("bob")
        let verifier = SSHVerifier(
            try AllowedSigners("alice,alice@example.org,uid:1000 \(alice.publicHalf)\nbob \(bob.publicHalf)\n"))
        for (key, name) in [(alice, "alice"), (bob, "bob")] {
            let signature = try key.signer.sign(text, namespace: "approve.bake")
            let signer = try verifier.signer(of: text, signature: signature, namespace: "approve.bake", at: time)
            #expect(signer == name)
        }
    }

    @Test("what is forged, foreign, expired or unknown is told apart")
    func refused() throws {
        let alice = try bench.key("alice")
        let line = { (options: String) in try AllowedSigners("alice \(options) \(alice.publicHalf)\n") }
        let signature = try alice.signer.sign(text, namespace: "approve.bake")
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

    @Test(
        "ssh-keygen takes the options of a key that bake takes, and no others",
        arguments: [
            ("", true), ("namespaces=\"approve.bake,policy.bake\"", true), ("valid-before=\"20400101\"", true),
            ("valid-after=\"202001011200Z\",VALID-BEFORE=\"20400101120000\"", true),
            ("valid-before=\"2040-01-01\"", false),
            ("valid-before=\"20401399\"", false), ("no-such-option", false), ("valid-befor=\"20400101\"", false),
            ("valid-before=20400101", false), ("valid-after=\"20410101\",valid-before=\"20400101\"", false),
        ])
    func options(_ options: String, isGood: Bool) throws {
        let alice = try bench.key("alice")
        let signers = try AllowedSigners("alice \(options) \(alice.publicHalf)\n")
        let signature = try alice.signer.sign(text, namespace: "approve.bake")
        let taken = try? SSHVerifier(signers).signer(
            of: text, signature: signature, namespace: "approve.bake", at: time)
        #expect((taken != nil) == isGood)
        if isGood {
            try signers.confirmKeys()
        } else {
            let fault = #expect(throws: AllowedSigners.Fault.self) { try signers.confirmKeys() }
            #expect(fault?.line == 1)
        }
    }

    /// What sshd's programs take for the type, and for a number, besides what they write.
    private static func variants(of key: String) -> [String] {
        let words = key.split(separator: " ").map(String.init)
        guard let blob = Data(base64Encoded: words[1]) else { return [] }
        var strings: [Data] = []
        var rest = blob
        while rest.count >= 4 {
            let count = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            strings.append(Data(rest.dropFirst(4).prefix(count)))
            rest = rest.dropFirst(4 + count)
        }
        let isRSA = words[0] == "ssh-rsa"
        let types = isRSA ? ["RSA", "rsa", "rsa-sha2-512"] : ["ED25519", "ed25519"]
        let renamed = types.map { [Data($0.utf8)] + strings.dropFirst() }
        let padded =
            isRSA
            ? (1...2).map { place in
                strings.enumerated().map { $0.offset == place ? Data([0, 0]) + $0.element : $0.element }
            } : []
        return (renamed + padded).map { strings in
            let bytes = strings.reduce(Data()) { sum, string in
                sum + withUnsafeBytes(of: UInt32(string.count).bigEndian) { Data($0) } + string
            }
            return "\(words[0]) \(bytes.base64EncodedString())"
        }
    }

    @Test(
        "a key that is written otherwise is the same to ssh-keygen, and so it is nobody's",
        arguments: ["rsa", "ed25519"])
    func otherwise(type: String) throws {
        let key = try bench.key("key-\(type)", type: type)
        try AllowedSigners("alice \(key.publicHalf)\n").confirmKeys()
        let signature = try key.signer.sign(text, namespace: "approve.bake")
        let variants = Self.variants(of: key.publicHalf)
        #expect(variants.count == (type == "rsa" ? 5 : 2))
        for variant in variants {
            let signers = try AllowedSigners("bob \(variant)\n")
            let taken = try SSHVerifier(signers).signer(
                of: text, signature: signature, namespace: "approve.bake", at: time)
            #expect(taken == "bob")
            let fault = #expect(throws: AllowedSigners.Fault.self, "\(variant)") { try signers.confirmKeys() }
            #expect(fault?.message.hasPrefix("the key is not as ssh-keygen writes it") == true)
        }
    }

    @Test("the keys that ssh-keygen makes are taken", arguments: ["ecdsa", "dsa", "rsa", "ed25519"])
    func ordinary(type: String) throws {
        try AllowedSigners("alice \(try bench.key("key-\(type)", type: type).publicHalf)\n").confirmKeys()
    }

    @Test("a certificate is another key to ssh-keygen than the one that it is for, and so it is nobody's")
    func certificate() throws {
        let (authority, key) = (try bench.key("authority"), try bench.key("alice"))
        let made = try CompletedProcess.run(
            "/usr/bin/ssh-keygen", ["-q", "-s", authority.path, "-I", "id", "-n", "alice", "\(key.path).pub"],
            environment: [])
        #expect(made.ending.succeeded, "\(made.lastErrors)")
        let file = "\(key.path)-cert.pub"
        let words = try String(contentsOfFile: file, encoding: .utf8).split(separator: " ").prefix(2)
        let signers = try AllowedSigners("alice \(key.publicHalf)\nbob \(words.joined(separator: " "))\n")
        // One key speaks for two people.
        for (path, person) in [(key.path, "alice"), (file, "bob")] {
            let signature = try SSHSigner(key: path, environment: []).sign(text, namespace: "approve.bake")
            #expect(
                try SSHVerifier(signers).signer(
                    of: text, signature: signature, namespace: "approve.bake", at: time) == person)
        }
        let fault = #expect(throws: AllowedSigners.Fault.self) { try signers.confirmKeys() }
        #expect(fault?.line == 2 && fault?.message.hasPrefix("a certificate is not in this version") == true)
    }

    @Test("an agent signs where only the public half is at hand")
    func agent() throws {
        let alice = try bench.key("alice")
        let agent = try TestAgent(in: bench, key: alice)
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
