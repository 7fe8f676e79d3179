import BakeModel
import Testing

@testable import RegistryClient

@Suite struct RegistryCredentialsTests {
    private func repository(_ name: String) throws -> RegistryRepository {
        try RegistryReference(parsing: "docker://\(name)").repository
    }

    private func credentials(_ texts: String...) throws -> RegistryCredentials {
        var credentials = RegistryCredentials()
        for (index, text) in texts.enumerated() { try credentials.add(Array(text.utf8), from: "file\(index)") }
        return credentials
    }

    /// The example of RFC 7617, section 2.
    @Test("a file of docker login, and the header that RFC 7617 gives for it")
    func header() throws {
        let found = try credentials(
            #"{"auths":{"r.example":{"auth":"QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}},"HttpHeaders":{"User-Agent":"x"}}"#)
        let login = try #require(found.login(for: try repository("r.example/a")))
        #expect(login.user == "Aladdin" && login.password == "open sesame")
        #expect(login.basic == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
        #expect(found.login(for: try repository("r.example:443/a")) == nil)
        #expect(found.login(for: try repository("debian")) == nil)
    }

    @Test(
        "keys as docker and podman write them",
        arguments: [
            ("https://index.docker.io/v1/", "debian"), ("docker.io", "debian"), ("docker.io/library/debian", "debian"),
            ("http://r.example:5000", "r.example:5000/a"), ("https://r.example/v2/", "r.example/a/b"),
            ("r.example/a", "r.example/a/b"),
        ])
    func keys(key: String, name: String) throws {
        let found = try credentials(#"{"auths":{"\#(key)":{"auth":"YTpi"}}}"#)
        #expect(found.login(for: try repository(name))?.user == "a")
    }

    @Test("the most exact key wins, then the earlier file; what is no login is passed over")
    func order() throws {
        let found = try credentials(
            #"{"auths":{"r.example":{"auth":"YTpi"},"r.example/x":{"auth":"eDp5"},"o.example":{"auth":"!"}}}"#,
            #"{"auths":{"r.example":{"auth":"Yzpk"},"o.example":{"auth":"Yzpk"}}}"#)
        #expect(found.login(for: try repository("r.example/x/y"))?.user == "x")
        #expect(found.login(for: try repository("r.example/xy"))?.user == "a")
        #expect(found.login(for: try repository("o.example/a"))?.file == "file1")
    }

    @Test("a program that keeps logins is noticed, and not run")
    func programs() throws {
        let found = try credentials(#"{"credHelpers":{"r.example":"pass"}}"#)
        #expect(found.isKeptByProgram(try repository("r.example/a")))
        #expect(!found.isKeptByProgram(try repository("o.example/a")))
        #expect(try credentials(#"{"credsStore":"desktop"}"#).isKeptByProgram(try repository("debian")))
    }

    @Test("a file that is no JSON is named, and nothing of it is shown")
    func damaged() throws {
        let error = #expect(throws: RegistryError.self) { try credentials("secret") }
        #expect(error == .badLoginFile("file0"))
    }
}
