import BakeModel
import Foundation
import GitFixtures
import Glibc
import LinuxSystem
import Testing

@testable import RegistryClient

/// What a client does when a registry is slow, broken or hostile.
@Suite struct PullTests {
    private let directory: TemporaryDirectory
    private let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    private var digest: Digest { Digest.of(content) }
    private var blob: String { "/v2/a/b/blobs/\(digest)" }
    private let manifest = Array(#"{"schemaVersion":2}"#.utf8)

    init() throws { directory = try TemporaryDirectory() }

    /// Fetches the blob and returns what is in the file then.
    private func pull(_ client: RegistryClient) throws -> [UInt8] {
        let file = try Descriptor.open("\(directory.path)/blob", O_RDWR | O_CREAT | O_TRUNC)
        try client.download(digest, size: UInt64(content.count), to: file)
        return try file.rewound().readAll(limit: 1 << 20)
    }

    private func failure(_ work: () throws -> Void) -> RegistryError? {
        #expect(throws: RegistryError.self) { try work() }
    }

    /// Which error, without what it is about.
    private func kind(_ work: () throws -> Void) -> Substring? {
        failure(work).map { String(describing: $0).prefix { $0 != "(" } }
    }

    @Test("a manifest by tag and by digest; the header that names another digest is believed to be damage")
    func manifests() throws {
        let registry = try ScriptedRegistry([
            "/v2/a/b/manifests/1": [.init(content: manifest)],
            "/v2/a/b/manifests/\(Digest.of(manifest))": [.init(content: manifest)],
            "/v2/a/b/manifests/\(digest)": [.init(content: manifest)],
            "/v2/a/b/manifests/2": [.init(headers: ["Docker-Content-Digest": digest.description], content: manifest)],
        ])
        let client = try registry.client()
        #expect(try client.manifest(tag: "1") == manifest)
        #expect(try client.manifest(Digest.of(manifest)) == manifest)
        for work in [{ try client.manifest(tag: "2") }, { try client.manifest(digest) }] {
            guard case .otherDigest(_, let claimed, let found) = failure({ _ = try work() }) else {
                Issue.record("another digest was taken")
                continue
            }
            #expect(claimed == digest && found == Digest.of(manifest))
        }
    }

    @Test("a connection that breaks is taken up where it broke; where the server knows no ranges, from the start")
    func resumed() throws {
        let broken = ScriptedRegistry.Reply(content: content, breaksAfter: 100_000)
        let registry = try ScriptedRegistry([blob: [broken, broken, .init(content: content)]])
        #expect(try pull(try registry.client()) == content)
        let ranges = try registry.requests().map(\.range)
        #expect(ranges == [nil, "bytes=100000-", "bytes=200000-"])

        let whole = ScriptedRegistry.Reply(content: content, knowsRanges: false)
        let other = try ScriptedRegistry([blob: [broken, whole]])
        #expect(try pull(try other.client()) == content)
    }

    @Test("an answer that always breaks off is given up, with what came")
    func truncated() throws {
        let registry = try ScriptedRegistry([blob: [.init(content: content, breaksAfter: 0)]])
        #expect(kind { _ = try pull(try registry.client()) } == "unreachable")
        #expect(try registry.requests().count == 5)

        let short = try ScriptedRegistry([blob: [.init(content: Array(content.dropLast()), knowsRanges: false)]])
        #expect(
            failure { _ = try pull(try short.client()) }
                == .truncated("docker://127.0.0.1:\(short.port)/a/b@\(digest)", claimed: 300_000, found: 299_999))
    }

    @Test("more bytes than were announced are not written")
    func tooLong() throws {
        let registry = try ScriptedRegistry([
            blob: [.init(content: content + [0])],
            "/v2/a/b/manifests/1": [.init(content: [UInt8](repeating: 0x20, count: (4 << 20) + 1))],
        ])
        let client = try registry.client()
        let name = "docker://127.0.0.1:\(registry.port)/a/b"
        #expect(failure { _ = try pull(client) } == .tooLong("\(name)@\(digest)", limit: 300_000))
        #expect(failure { _ = try client.manifest(tag: "1") } == .tooLong("\(name):1", limit: 4_194_304))
        let size = try FileManager.default.attributesOfItem(atPath: "\(directory.path)/blob")[.size] as? Int
        #expect(try #require(size) <= 300_000)
    }

    @Test("429 and 503 are waited out, 500 without end is told, 404 is told at once with the registry's words")
    func statuses() throws {
        let registry = try ScriptedRegistry([
            "/v2/a/b/manifests/1": [.status(429), .status(503, ["Retry-After": "0"]), .init(content: manifest)],
            "/v2/a/b/manifests/2": [.status(500, [:], "<html>")],
            "/v2/a/b/manifests/3": [
                .status(404, [:], #"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}"#)
            ],
        ])
        let client = try registry.client()
        #expect(try client.manifest(tag: "1") == manifest)
        let name = "docker://127.0.0.1:\(registry.port)/a/b"
        #expect(failure { _ = try client.manifest(tag: "2") } == .status("\(name):2", 500, ""))
        #expect(failure { _ = try client.manifest(tag: "3") } == .notFound("\(name):3", "manifest unknown"))
        #expect(try registry.requests().filter { $0.path.hasSuffix("/3") }.count == 1)
    }

    @Test("nobody listens, and no such host")
    func dead() throws {
        let client = try ScriptedRegistry([:]).client()
        #expect(kind { _ = try client.manifest(tag: "1") } == "unreachable")
        let reference = try RegistryReference(parsing: "docker://nobody.invalid/a")
        let nowhere = try RegistryClient(
            reference.repository, access: RegistryAccess(), program: BuiltBake.program)
        #expect(
            failure { _ = try nowhere.manifest(tag: "1") }
                == .unknownHost("docker://nobody.invalid/a:1", host: "nobody.invalid"))
    }

    @Test("a redirect elsewhere is followed without the login; one without end, and one to a file, are refused")
    func redirects() throws {
        let registry = try ScriptedRegistry([
            blob: [.status(307, ["Location": "http://localhost:HERE/elsewhere"])],
            "/elsewhere": [.status(302, ["Location": "http://127.0.0.1:HERE/back"])],
            "/back": [.init(content: content)],
            "/v2/a/b/manifests/1": [
                .status(401, ["WWW-Authenticate": "Basic realm=x"]), .status(301, ["Location": "/v2/a/b/manifests/1"]),
            ],
            "/v2/a/b/manifests/2": [.status(302, ["Location": "file:///etc/passwd"])],
        ])
        let client = try registry.client(login: "ann:secret")
        #expect(kind { _ = try client.manifest(tag: "1") } == "redirect")
        #expect(try pull(client) == content)
        let last = try registry.requests().suffix(3)
        // It is logged in by now.
        #expect(last.map(\.host) == ["127.0.0.1", "localhost", "127.0.0.1"].map { "\($0):\(registry.port)" })
        #expect(last.map { $0.authorization != nil } == [true, false, false])
        #expect(kind { _ = try client.manifest(tag: "2") } == "redirect")
    }

    @Test(
        "a certificate that the named file signs is trusted, and no other",
        .enabled(if: access("/usr/bin/openssl", X_OK) == 0))
    func certificates() throws {
        let (path, key) = ("\(directory.path)/cert.pem", "\(directory.path)/key.pem")
        let made = try CompletedProcess.run(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", path, "-days", "2", "-subj",
                "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            ], environment: ["PATH=/usr/bin:/bin"])
        try #require(made.ending.succeeded)
        let registry = try ScriptedRegistry(
            ["/v2/a/b/manifests/1": [.init(content: manifest)]], certificate: (path, key))
        let trusting = try registry.client(certificates: path, scheme: "docker+https", host: "localhost")
        #expect(try trusting.manifest(tag: "1") == manifest)
        let other = try registry.client(scheme: "docker+https", host: "localhost")
        #expect(kind { _ = try other.manifest(tag: "1") } == "certificate")
        let wrongName = try registry.client(certificates: path, scheme: "docker+https", host: "127.0.0.1")
        #expect(kind { _ = try wrongName.manifest(tag: "1") } == "certificate")
    }
}
