import BakeModel
import Testing

@Suite struct ReferenceTests {
    private static let hex = String(repeating: "ab", count: 32)

    @Test(
        "every form of the grammar reads, and its text reads back to the same value",
        arguments: [
            "sha256:\(hex)", "web@42", "web@git-1a2b", "42", "production", "web:production", "web:production~1",
            "production~0", "production@{1}", "web:production@{12}", "book@3:/book.pdf",
            "web:production@{2026-11-20T03:00:00+09:00}:/etc/motd", "sha256:\(hex):/etc", "42:/x:y/z",
        ])
    func roundTrip(text: String) throws {
        let reference = try Reference(text, clock: Self.clock)
        #expect(reference.description == text)
        #expect(try Reference(reference.description, clock: Self.elsewhere) == reference)
    }

    @Test("each form has its value")
    func values() throws {
        let web = try #require(PipelineName("web"))
        let production = try #require(EnvironmentName("production"))
        let slot = Slot(pipeline: web, environment: production)
        #expect(try base("web@42") == .generation(try #require(GenerationID("web@42"))))
        #expect(try base("42") == .number(try #require(GenerationNumber(42))))
        #expect(try base("web") == .name(try #require(SharedName("web"))))
        #expect(try base("web:production") == .slot(slot, .now))
        #expect(try base("web:production~2") == .slot(slot, .below(2)))
        #expect(try base("production@{2}") == .environment(production, .beforeMoves(2)))
        #expect(try base("web@git-1a2b3c4") == .commit(web, try #require(CommitPrefix("1a2b3c4"))))
        let path = try Reference("book@3:/a//b/", clock: Self.clock).path
        #expect(path == (try TreePath(cleaning: "a/b")))
        #expect(try Reference("book@3:/", clock: Self.clock).path == .root)
        #expect(try Reference("book@3", clock: Self.clock).path == nil)
    }

    @Test(
        "what is no reference, and why",
        arguments: [
            ("", "it names no image"), (":/etc", "it names no image"), ("Web", "\"Web\" is no name"),
            ("web:", "\"\" is no name"), (":production", "\"\" is no name"), ("a:b:c", "\"b:c\" is no name"),
            ("scratch", "\"scratch\" is no name"), ("wéb", "\"wéb\" is no name"), ("web ", "\"web \" is no name"),
            ("0", "\"0\" is no number of a generation"), ("042", "\"042\" is no number of a generation"),
            ("web@0", "\"0\" is no number of a generation"), ("web@", "\"\" is no number of a generation"),
            ("web@99999999999999999999", "\"99999999999999999999\" is no number of a generation"),
            ("web@x", "\"x\" is no number of a generation"),
            ("web@git-xyz", "\"xyz\" is no commit: 4 to 40 lower-case hexadecimal digits"),
            ("web@git-abc", "\"abc\" is no commit: 4 to 40 lower-case hexadecimal digits"),
            ("sha256:abc", "a digest is sha256: and 64 lower-case hexadecimal digits, or at least the first 6 of them"),
            ("production~", "\"\" is no number of steps"), ("production~-1", "\"-1\" is no number of steps"),
            ("production@{1", "after @{ comes a number or a time, then } and nothing else"),
            ("production@{}", "after @{ comes a number or a time, then } and nothing else"),
            ("production@{1}x", "after @{ comes a number or a time, then } and nothing else"),
            ("production@{lunch}", "\"lunch\" is no time"),
            ("web@42~1", "a generation never moves, so it has no earlier state"),
            ("web:production@42", "a slot has no number 42"), ("host:a", "hosts are not in this version"),
            ("web@42:/../etc", "the path leads out of the image"),
        ])
    func refusals(text: String, reason: String) {
        let fault = #expect(throws: ReferenceFault.self) { try Reference(text, clock: Self.clock) }
        #expect(fault?.reason == reason)
        #expect(fault?.exit == .usage)
    }

    @Test("a slot with a generation's number: the hint has both things that may be meant")
    func slotNumber() {
        let fault = #expect(throws: ReferenceFault.self) { try Reference("web:production@42", clock: Self.clock) }
        #expect(fault?.hint == "the generation is web@42; the slot 42 moves ago is web:production@{42}")
    }

    private func base(_ text: String) throws -> Reference.Base { try Reference(text, clock: Self.clock).base }

    static let clock = LocalClock(now: Timestamp(milliseconds: 1_795_228_200_250), offsetMinutes: 540)
    static let elsewhere = LocalClock(now: Timestamp(milliseconds: 0), offsetMinutes: -210)
}
