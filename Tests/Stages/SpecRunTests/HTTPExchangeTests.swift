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
        root = try ImageRoot(at: directory.path)
    }

    private func ask(_ url: String, _ change: (inout HTTPRequest) -> Void = { _ in }) throws -> HTTPAnswer {
        var request = HTTPRequest(url: url)
        change(&request)
        return try HTTPExchange(request, root).perform()
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
