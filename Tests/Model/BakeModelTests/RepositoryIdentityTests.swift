import BakeModel
import Testing

@Suite struct RepositoryIdentityTests {
    @Test(
        "spellings of one repository",
        arguments: [
            [
                "ssh://git@git.example/team/web.git", "git@git.example:team/web.git", "git@git.example:/team/web",
                "ssh://git@GIT.example:22/team/web/", "https://git.example/team/web.git",
                "https://git.example/team/web",
                "https://git.example:443/team/web/", "HTTPS://git.example/team/web.git/",
            ],
            [
                "ssh://hanako@git.example/srv/web.git", "hanako@git.example:/srv/web.git",
                "ssh://hanako@git.example:22/srv/web",
            ],
            ["http://git.example/web", "http://git.example:80/web.git"],
            ["/srv/web", "/srv/web/", "file:///srv/web", "file://localhost/srv/web"],
            ["ssh://git@[::1]:22/web", "ssh://git@[::1]/web.git"],
        ])
    func same(spellings: [String]) {
        #expect(
            Set(spellings.map { RepositoryIdentity($0) }).count == 1, "\(spellings.map { RepositoryIdentity($0).text })"
        )
    }

    @Test("repositories that only look alike")
    func different() {
        let sources = [
            "https://git.example/team/web", "https://git.example/Team/web", "https://git.example/team/web2",
            "https://git.example:8443/team/web", "http://git.example/team/web", "https://evil.example/team/web",
            "ssh://git@git.example:2222/team/web", "ssh://hanako@git.example/team/web", "hanako@git.example:team/web",
            "ssh://git.example/team/web", "/team/web", "/team/web.git", "https://git.example.evil/team/web",
            "https://git.example/evil/team/web", "https://user@git.example/team/web",
        ]
        #expect(Set(sources.map { RepositoryIdentity($0) }).count == sources.count)
    }
}
