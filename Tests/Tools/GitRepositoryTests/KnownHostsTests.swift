import Foundation
import GitFixtures
import LinuxSystem
import Testing

@testable import GitRepository

/// Keys and hashed names are made by ssh-keygen.
@Suite struct KnownHostsTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func keygen(_ arguments: String...) throws {
        let run = try CompletedProcess.run("/usr/bin/ssh-keygen", arguments, environment: [], directory: directory.path)
        try #require(run.ending.succeeded, "\(run.lastErrors)")
    }

    /// `ssh-ed25519 BASE64`.
    private func makeKey(_ kind: String = "ed25519") throws -> (text: String, bytes: [UInt8]) {
        let name = UUID().uuidString
        try keygen("-q", "-t", kind, "-N", "", "-f", name)
        let words = try String(contentsOfFile: "\(directory.path)/\(name).pub", encoding: .utf8).split(separator: " ")
        return ("\(words[0]) \(words[1])", Array(try #require(Data(base64Encoded: String(words[1])))))
    }

    @Test func findsPlainNamesPortsAndPatterns() throws {
        let key = try makeKey()
        let hosts = KnownHosts(texts: [
            "# comment\n\ngit.example,192.0.2.1 \(key.text) somebody\n[port.example]:2222 \(key.text)\n*.many.example,!bad.many.example \(key.text)\n"
        ])
        #expect(hosts.find(host: "git.example", port: nil, key: key.bytes) == .known)
        #expect(hosts.find(host: "GIT.example", port: 22, key: key.bytes) == .known)
        #expect(hosts.find(host: "192.0.2.1", port: nil, key: key.bytes) == .known)
        #expect(hosts.find(host: "git.example", port: 2222, key: key.bytes) == .unknown)
        #expect(hosts.find(host: "port.example", port: 2222, key: key.bytes) == .known)
        #expect(hosts.find(host: "port.example", port: nil, key: key.bytes) == .unknown)
        #expect(hosts.find(host: "a.many.example", port: nil, key: key.bytes) == .known)
        #expect(hosts.find(host: "bad.many.example", port: nil, key: key.bytes) == .unknown)
    }

    @Test func findsHashedNames() throws {
        let key = try makeKey()
        let file = "\(directory.path)/known"
        try "git.example \(key.text)\n[git.example]:2222 \(key.text)\n".write(
            toFile: file, atomically: false, encoding: .utf8)
        try keygen("-H", "-f", file)
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(!text.contains("git.example"))
        let hosts = KnownHosts(texts: [text])
        #expect(hosts.find(host: "git.example", port: nil, key: key.bytes) == .known)
        #expect(hosts.find(host: "git.example", port: 2222, key: key.bytes) == .known)
        #expect(hosts.find(host: "git.example", port: 2223, key: key.bytes) == .unknown)
    }

    @Test func tellsChangedFromUnknownAndRevoked() throws {
        let (right, other, elliptic) = (try makeKey(), try makeKey(), try makeKey("ecdsa"))
        let hosts = KnownHosts(texts: ["h \(right.text)\n", "@revoked * \(elliptic.text)\n"])
        #expect(hosts.find(host: "h", port: nil, key: other.bytes) == .changed)
        #expect(hosts.find(host: "elsewhere", port: nil, key: other.bytes) == .unknown)
        #expect(hosts.find(host: "h", port: nil, key: elliptic.bytes) == .revoked)
        #expect(hosts.find(host: "h", port: nil, key: []) == .unknown)
        #expect(
            KnownHosts(texts: ["@cert-authority h \(right.text)"]).find(host: "h", port: nil, key: right.bytes)
                == .unknown)
    }
}
