import Testing

@testable import RegistryClient

/// Expected values: RFC 9110, 11.6.1, and what the named registries send.
@Suite struct ChallengeTests {
    @Test("Docker Hub's line")
    func bearer() {
        let line =
            #"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/debian:pull""#
        #expect(
            Challenge.read([line]) == [
                Challenge(
                    scheme: "bearer",
                    parameters: [
                        "realm": "https://auth.docker.io/token", "service": "registry.docker.io",
                        "scope": "repository:library/debian:pull",
                    ])
            ])
    }

    @Test(
        "the example of RFC 9110: two challenges in one line, commas and quotes in a value, a parameter without quotes")
    func several() {
        let line = #"Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\"""#
        #expect(
            Challenge.read([line]) == [
                Challenge(scheme: "basic", parameters: ["realm": "simple"]),
                Challenge(
                    scheme: "newauth", parameters: ["realm": "apps", "type": "1", "title": "Login to \"apps\""]),
            ])
    }

    @Test("several lines, capitals, spaces around the equals sign")
    func lines() {
        let challenges = Challenge.read(["NEGOTIATE", "bEARER Realm = \"x\" , , Scope=y"])
        #expect(
            challenges == [
                Challenge(scheme: "negotiate", parameters: [:]),
                Challenge(scheme: "bearer", parameters: ["realm": "x", "scope": "y"]),
            ])
    }

    @Test(
        "what is malformed ends the line and hangs nothing",
        arguments: [
            ("", 0), (",,,", 0), ("=", 0), ("a=b", 0), ("Bearer realm=\"x", 1), ("Bearer realm=\"x\\", 1),
            ("Negotiate abc==", 1), ("\u{0}", 0), ("Bearer \u{7f}realm=x", 1),
        ])
    func malformed(line: String, count: Int) {
        #expect(Challenge.read([line]).count == count)
    }
}
