import Testing

@testable import LayerBuild

/// Expected values from sources.list(5).
@Suite struct DebianSourceTests {
    @Test func aLineNamesAnArchive() {
        let line: Substring =
            "deb [ arch=amd64,arm64 signed-by=/k.gpg lang=de ] http://h.example/debian/ bookworm main contrib # x"
        let options = ["architectures": "amd64 arm64", "signed-by": "/k.gpg"]
        let expected = DebianSource(
            uri: "http://h.example/debian", suite: "bookworm", components: ["main", "contrib"], options: options)
        #expect(DebianSource.parse(line: line) == [expected])
    }

    @Test(arguments: [
        "", "# deb http://h.example/debian bookworm main", "deb-src http://h.example/debian bookworm main",
        "deb http://h.example/flat ./", "deb [arch=amd64 http://h.example/debian bookworm main", "deb http://h.example",
        "deb cdrom:[Debian] bookworm main",
    ])
    func otherLinesNameNone(line: String) {
        #expect(DebianSource.parse(line: line[...]).isEmpty)
    }

    @Test func aParagraphNamesAnArchiveForEachAddressAndSuite() throws {
        let text = """
            # A comment
            Types: deb deb-src
            URIs: http://a.example/debian http://b.example/debian
            Suites: bookworm bookworm-updates
            Components: main
            Signed-By:
             -----BEGIN PGP PUBLIC KEY BLOCK-----
             .
             mQ

            Enabled: no
            Types: deb
            URIs: http://c.example/debian
            Suites: bookworm
            Components: main
            """
        let sources = ControlParagraph.parse(text).flatMap { DebianSource.parse($0) }
        #expect(
            sources.map(\.place) == [
                "http://a.example/debian bookworm", "http://a.example/debian bookworm-updates",
                "http://b.example/debian bookworm", "http://b.example/debian bookworm-updates",
            ])
        let first = try #require(sources.first)
        let again = try #require(ControlParagraph.parse(first.paragraph).first)
        #expect(again["signed-by"] == "\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQ")
    }

    @Test func aSuiteIsServedByItsUpdatesAndItsSecurity() {
        func serves(_ suite: String) -> Bool {
            DebianSource(uri: "http://h.example/d", suite: suite, components: ["main"], options: [:]).serves("bookworm")
        }
        #expect(["bookworm", "bookworm-updates", "bookworm-security"].allSatisfy(serves))
        #expect(
            !["bookworm-backports", "bookworm-proposed-updates", "bullseye", "bookwormx", "nodistro"].contains(
                where: serves))
    }

    @Test func strangersMayBeSilentAndDebianMayNot() {
        func isDebian(_ uri: String, _ key: String?) -> Bool {
            let options = key.map { ["signed-by": $0] } ?? [:]
            return DebianSource(uri: uri, suite: "bookworm", components: ["main"], options: options).isSurelyDebian
        }
        #expect(isDebian("http://mirror.example/x", "/usr/share/keyrings/debian-archive-keyring.gpg"))
        #expect(isDebian("http://mirror.example/debian", nil))
        #expect(!isDebian("https://mirror.example/linux/debian", "/etc/apt/keyrings/tool.asc"))
        #expect(!isDebian("https://mirror.example/tool", nil))
    }

    @Test func anInstallationIsReadFromAptsSimulation() {
        let line = "Inst libc6 (2.36-9+deb12u14 Debian:12.15/oldstable [amd64]) [gcc-12-base:amd64 ]"
        let found = DebianSearch.installation(line)
        #expect(found?.name == "libc6")
        #expect(found?.choice == .init(version: "2.36-9+deb12u14", isSecurity: false))
        let update = "Inst openssl [3.0.15-1] (3.0.16-1 Debian:12.1/stable, Debian-Security:12/stable-security [amd64])"
        #expect(DebianSearch.installation(update)?.choice == .init(version: "3.0.16-1", isSecurity: true))
        #expect(DebianSearch.installation("Conf libc6 (2.36-9 Debian:12/stable [amd64])") == nil)
    }
}
