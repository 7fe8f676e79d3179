import Testing

@testable import GitRepository

@Suite struct RemoteURLTests {
    @Test func takesTheFourSchemes() throws {
        let ssh = try RemoteURL(parsing: "ssh://git@git.example:2222/web.git")
        #expect(ssh.scheme == .ssh && ssh.user == "git" && ssh.host == "git.example" && ssh.port == 2222)
        let short = try RemoteURL(parsing: "git@git.example:team/web.git")
        #expect(short.scheme == .ssh && short.user == "git" && short.host == "git.example" && short.port == nil)
        #expect(try RemoteURL(parsing: "https://git.example/web.git").scheme == .https)
        #expect(try RemoteURL(parsing: "HTTP://[::1]:8080/web").host == "::1")
        #expect(try RemoteURL(parsing: "file:///srv/git/web.git").host == "")
    }

    @Test(arguments: [
        "git://git.example/web.git", "ext::sh -c touch% /tmp/x", "ftp://git.example/x", "file://elsewhere/x",
        "https:///x", "https://git.example", "https://h:99999/x", "ssh://-oProxyCommand=x/y", "https://h/a b",
        "https://h/\u{7}",
        "https://" + String(repeating: "x", count: 3000) + "/y",
    ])
    func refuses(_ text: String) {
        #expect(throws: RemoteURLError.self) { try RemoteURL(parsing: text) }
    }

    @Test(arguments: [
        "https://token@git.example/web.git", "https://taro:secret@git.example/web.git",
        "ssh://git:secret@git.example/x",
        "http://a:p@ss@git.example/x",
    ])
    func refusesCredentialsWithoutShowingThem(_ text: String) {
        let error = #expect(throws: RemoteURLError.self) { try RemoteURL(parsing: text) }
        guard case .credentials(let shown)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!shown.contains("secret") && !shown.contains("token") && !shown.contains("ss@"))
    }

    @Test func tellsAddressesFromPaths() {
        for text in ["https://h/x", "git@h:x", "h:x", "git://h/x"] { #expect(RemoteURL.isAddress(text), "\(text)") }
        for text in [".", "/srv/git", "../web", "./a:b", "web"] { #expect(!RemoteURL.isAddress(text), "\(text)") }
    }

    @Test func hidesCredentialsOfAnyAddress() {
        #expect(RemoteURL.withoutCredentials("https://token@h:8443/x?y") == "https://h:8443/x?y")
        #expect(RemoteURL.withoutCredentials("ssh://git:pw@h/x") == "ssh://git@h/x")
        #expect(RemoteURL.withoutCredentials("git@h:x") == "git@h:x")
        #expect(RemoteURL.withoutCredentials("/srv/x") == "/srv/x")
    }
}
