import BakeModel
import Foundation
import Testing

@testable import RegistryClient

/// Docker Registry token authentication and RFC 7617.
@Suite struct LoginTests {
    private static let manifest = Array(#"{"schemaVersion":2}"#.utf8)
    private static let path = "/v2/a/b/manifests/1"
    private static let bearer = ScriptedRegistry.Reply.status(
        401,
        [
            "WWW-Authenticate":
                #"Bearer realm="http://127.0.0.1:HERE/token?x=1",service="a registry",scope="repository:a/b:pull""#
        ])
    private static let tokenPath = "/token?x=1&service=a%20registry&scope=repository:a/b:pull"

    private func failure(_ client: RegistryClient) -> RegistryError? {
        #expect(throws: RegistryError.self) { try client.manifest(tag: "1") }
    }

    @Test("a token is asked for once, with the login where there is one, and renewed when it has run out")
    func token() throws {
        let registry = try ScriptedRegistry([
            Self.path: [
                Self.bearer, .init(content: Self.manifest), Self.bearer, .init(content: Self.manifest),
            ],
            Self.tokenPath: [.status(200, [:], #"{"token":"t1"}"#), .status(200, [:], #"{"access_token":"t2"}"#)],
        ])
        let client = try registry.client(login: "ann:secret")
        #expect(try client.manifest(tag: "1") == Self.manifest)
        #expect(try client.manifest(tag: "1") == Self.manifest)
        let basic = "Basic \(Data("ann:secret".utf8).base64EncodedString())"
        #expect(
            try registry.requests().map(\.authorization)
                == [nil, basic, "Bearer t1", "Bearer t1", basic, "Bearer t2"])
    }

    @Test("without a login the token is asked for by nobody; what is refused then names where a login was looked for")
    func anonymous() throws {
        let registry = try ScriptedRegistry([
            Self.path: [Self.bearer], Self.tokenPath: [.status(200, [:], #"{"token":"t1"}"#)],
        ])
        let name = "127.0.0.1:\(registry.port)"
        #expect(
            failure(try registry.client())
                == .login("docker://\(name)/a/b:1", .none(registry: name, files: [])))
        #expect(try registry.requests().map(\.authorization) == [nil, nil, "Bearer t1"])
    }

    @Test("a password that is refused is sent once, and the message names user and file but not the password")
    func refused() throws {
        let registry = try ScriptedRegistry([Self.path: [.status(401, ["WWW-Authenticate": "Basic realm=x"])]])
        let error = try #require(failure(try registry.client(login: "ann:secret")))
        #expect(error == .login("docker://127.0.0.1:\(registry.port)/a/b:1", .refused(user: "ann", file: "F")))
        #expect(!"\(error) \(error.reason)".contains("secret"))
        #expect(try registry.requests().count == 2)
    }

    @Test(
        "what a server of tokens must not send",
        arguments: [
            (#"{"token":"a\r\nX: y"}"#, "sends none"), (#"{"token":""}"#, "sends none"), ("nothing", "sends none"),
        ])
    func badToken(text: String, words: String) throws {
        let registry = try ScriptedRegistry([Self.path: [Self.bearer], Self.tokenPath: [.status(200, [:], text)]])
        let error = try #require(failure(try registry.client()))
        #expect(error.reason.contains(words))
    }

    @Test(
        "a challenge that leads nowhere",
        arguments: [
            (["WWW-Authenticate": "Negotiate"], "negotiate"), ([:], "does not say which login"),
            (["WWW-Authenticate": "Bearer realm=\"file:///etc\""], "names no address"),
        ])
    func badChallenge(headers: [String: String], words: String) throws {
        let registry = try ScriptedRegistry([Self.path: [.status(401, headers)]])
        let error = try #require(failure(try registry.client(login: "ann:secret")))
        #expect(error.reason.contains(words))
    }
}
