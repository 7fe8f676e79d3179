import Foundation
import LinuxSystem
import Testing

@testable import SpecRun

@Suite(.serialized, .enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/python3")))
struct HTTPExchangeTests {
    private let directory: TemporaryDirectory
    private let root: ImageRoot

    init() throws {
        directory = try TemporaryDirectory()
        root = try MountedRoot(at: directory.path)
    }

    private func ask(_ url: String, _ change: (inout HTTPRequest) -> Void = { _ in }) throws -> HTTPAnswer {
        var request = HTTPRequest(url: url)
        change(&request)
        return try HTTPConversation(request, root).answer()
    }

    @Test func sendsWhatTheSpecSays() throws {
        let server = try TestServer()
        let url = "http://\(server.address)/echo"
        let plain = try ask(url)
        #expect(plain.status == 200)
        #expect(plain.headers.contains("X-Test: yes"))
        #expect(
            String(decoding: plain.body, as: UTF8.self)
                == "GET  accept=*/* host=\(server.address) user-agent=goss/0.4 (bake)")
        let full = try ask(url) {
            $0.method = "PUT"
            $0.body = "data"
            $0.headers = ["X-A: b", "Host: site.example", "User-Agent: me"]
            ($0.username, $0.password) = ("u", "p")
        }
        let text = String(decoding: full.body, as: UTF8.self)
        #expect(text.hasPrefix("PUT data accept=*/* authorization=Basic dTpw content-length=4"))
        #expect(text.hasSuffix("host=site.example user-agent=me x-a=b"))
        let head = try ask(url) { $0.method = "HEAD" }
        #expect(head.status == 200 && head.body.isEmpty)
        #expect(String(decoding: try ask(url) { $0.method = "DELETE" }.body, as: UTF8.self).hasPrefix("DELETE "))
        #expect(String(decoding: try ask(url) { $0.method = "POST" }.body, as: UTF8.self).hasPrefix("POST "))
    }

    @Test func followsToHTTPOnly() throws {
        let server = try TestServer()
        let followed = try ask("http://\(server.address)/away")
        #expect(followed.status == 200 && String(decoding: followed.body, as: UTF8.self).hasPrefix("GET "))
        let posted = try ask("http://\(server.address)/away") { ($0.method, $0.body) = ("POST", "data") }
        #expect(posted.status == 200 && String(decoding: posted.body, as: UTF8.self).hasPrefix("GET  "))
        let stayed = try ask("http://\(server.address)/away") { $0.noFollowRedirects = true }
        #expect(stayed.status == 302 && stayed.body == Array("moved".utf8))
        #expect(throws: HTTPError.self) { try ask("http://\(server.address)/file") }
    }

    /// What Go's client makes of each redirect, as its redirectBehavior has it.
    @Test(arguments: [
        (301, "PUT", "GET "), (302, "PUT", "GET "), (303, "DELETE", "GET "), (302, "HEAD", ""), (303, "GET", "GET "),
        (307, "PUT", "PUT data"), (308, "POST", "POST data"), (307, "GET", "GET data"),
    ])
    func redirectsAsGo(status: Int, method: String, expected: String) throws {
        let server = try TestServer()
        let answer = try ask("http://\(server.address)/hop/\(status)?/echo") {
            ($0.method, $0.body) = (method, method == "HEAD" ? "" : "data")
        }
        #expect(answer.status == 200)
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(expected.isEmpty ? text.isEmpty : text.hasPrefix("\(expected) "), "\(text)")
    }

    /// Ten requests, and no more; an answer that sends nowhere is the answer.
    @Test func redirectsOnlySoOften() throws {
        let server = try TestServer()
        let around = #expect(throws: HTTPError.self) { try ask("http://\(server.address)/hop/302?/loop") }
        #expect(around?.reason == "stopped after 10 redirects")
        #expect(try ask("http://\(server.address)/countdown/9").status == 200)
        #expect(throws: HTTPError.self) { try ask("http://\(server.address)/countdown/10") }
        #expect(try ask("http://\(server.address)/hop/302").status == 302)
        #expect(try ask("http://\(server.address)/hop/304?/echo").status == 304)
    }

    /// Secrets stay with their host, whatever its port; the rest goes along.
    @Test func tellsSecretsToTheirHostOnly() throws {
        let (server, other) = (try TestServer(), try TestServer())
        let port = other.address.split(separator: ":")[1]
        func echoed(_ target: String) throws -> String {
            let answer = try ask("http://\(server.address)/hop/302?\(target)") {
                $0.headers = ["Cookie: a=b", "X-A: b", "Host: site.example"]
                ($0.username, $0.password) = ("u", "p")
            }
            return String(decoding: answer.body, as: UTF8.self)
        }
        let own = try echoed("/echo")
        #expect(own.contains("authorization=Basic dTpw cookie=a=b host=site.example"), "\(own)")
        #expect(own.contains("referer=http://\(server.address)/hop/302?/echo"), "\(own)")
        let sibling = try echoed("http://127.0.0.1:\(port)/echo")
        #expect(sibling.contains("authorization=Basic dTpw cookie=a=b host=127.0.0.1:\(port)"), "\(sibling)")
        let foreign = try echoed("http://localhost:\(port)/echo")
        #expect(!foreign.contains("authorization") && !foreign.contains("cookie"), "\(foreign)")
        #expect(foreign.contains("host=localhost:\(port)") && foreign.contains("x-a=b"), "\(foreign)")
    }

    @Test func hasLimits() throws {
        let server = try TestServer()
        let start = ContinuousClock.now
        let slow = #expect(throws: HTTPError.self) { try ask("http://\(server.address)/slow") { $0.timeout = 200 } }
        #expect(slow?.reason == "Timeout was reached")
        #expect(ContinuousClock.now - start < .seconds(3))
        let huge = #expect(throws: HTTPError.self) { try ask("http://\(server.address)/huge") }
        #expect(huge?.reason == "the answer is longer than 16777216 bytes")
    }

    /// Only the image says whom to trust.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/openssl")))
    func trustsWhatTheImageTrusts() throws {
        let (certificate, key) = ("\(directory.path)/cert.pem", "\(directory.path)/key.pem")
        let made = try CompletedProcess.run(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x", "-addext",
                "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
            ], environment: [])
        #expect(made.ending.succeeded, "\(made.lastErrors)")
        let server = try TestServer(certificate: (certificate, key))
        let url = "https://\(server.address)/echo"
        #expect(throws: HTTPError.self) { try ask(url) }
        #expect(try ask(url) { $0.allowInsecure = true }.status == 200)
        #expect(try ask(url) { $0.caFile = "/cert.pem" }.status == 200)
        try directory.write(
            "etc/ssl/certs/ca-certificates.crt", try String(contentsOfFile: certificate, encoding: .utf8))
        #expect(try ask(url).status == 200)
        #expect(throws: SystemError.self) { try ask(url) { $0.caFile = "/nope.pem" } }
    }
}
