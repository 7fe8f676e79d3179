import BakeModel
import RegularExpressions
import Testing

@testable import SpecRun

/// Expected values come from goss's matchers (goss-org/goss, `resource/gomega.go` and `matchers/`).
@Suite struct MatcherTests {
    /// Reads a matcher as the value of a property.
    static func matcher(_ yaml: String, _ property: String = "mode") throws -> Matcher {
        let text = "file:\n  /x:\n    exists: true\n    \(property): \(yaml)\n"
        let spec = try SpecFile(parsing: text, name: "goss.yaml")
        return try #require(spec.resources[0].expectations.last?.matcher)
    }

    static let text: [(String, String, String)] = [
        ("abc", "abc", "p"), ("abc", "ABC", "f"), ("\"1\"", "1", "p"), ("1", "01", "p"), ("1", " 1\\n", "p"),
        ("1", "x", "e"), ("true", "true", "f"),
        ("{equal: abc}", "abc", "p"), ("{equal: 1}", "1", "f"),
        ("{have-prefix: ab}", "abc", "p"), ("{have-prefix: b}", "abc", "f"),
        ("{have-suffix: bc}", "abc", "p"), ("{have-suffix: ab}", "abc", "f"),
        ("{contain-substring: b}", "abc", "p"), ("{contain-substring: ac}", "abc", "f"),
        ("{match-regexp: '^a.c$'}", "abc", "p"), ("{match-regexp: '^b'}", "a\\nb", "f"),
        ("{match-regexp: '(?m)^b'}", "a\\nb", "p"), ("{match-regexp: 'a.b'}", "a\\nb", "f"),
        ("{gt: 1}", "1.5", "p"), ("{ge: 2}", "2", "p"), ("{lt: 2}", "2", "f"), ("{le: 2}", "2", "p"),
        ("{gt: 1}", "x", "e"),
        ("{have-len: 3}", "abc", "p"), ("{have-len: 2}", "é", "p"), ("{have-len: 1}", "é", "f"),
        ("{have-key: a}", "abc", "e"),
        ("{contain-element: b}", "a\\nb", "p"), ("{contain-element: {have-prefix: b}}", "a\\nbc", "p"),
        ("{contain-elements: [b, a]}", "a\\nb", "p"), ("{contain-elements: [a, a]}", "a\\nb", "f"),
        ("[a]", "a", "e"), ("{consist-of: [a]}", "a", "e"),
        ("{not: abc}", "abc", "f"), ("{not: abd}", "abc", "p"), ("{not: {gt: 1}}", "x", "e"),
        ("{and: [{have-prefix: a}, {have-suffix: c}]}", "abc", "p"),
        ("{and: [{have-prefix: b}, {gt: 1}]}", "abc", "f"), ("{and: [{have-prefix: a}, {gt: 1}]}", "abc", "e"),
        ("{or: [{have-prefix: b}, {have-suffix: c}]}", "abc", "p"), ("{or: [x, y]}", "abc", "f"),
        ("{have-patterns: [a, '!x']}", "abc", "p"),
    ]

    @Test(arguments: text)
    func comparesText(yaml: String, found: String, letter: String) throws {
        let found = found.replacing("\\n", with: "\n")
        #expect(try Self.matcher(yaml).match(.text(found)).letter == letter)
    }

    static let list: [(String, String)] = [
        ("[a, b]", "p"), ("[b, a]", "p"), ("[a]", "p"), ("[a, c]", "f"), ("[a, a]", "f"), ("[]", "p"),
        ("{consist-of: [b, a]}", "p"), ("{consist-of: [a]}", "f"), ("{consist-of: [a, b, c]}", "f"),
        ("{contain-element: a}", "p"), ("{contain-element: c}", "f"), ("{contain-element: {gt: 1}}", "e"),
        ("{have-len: 2}", "p"), ("{equal: [a, b]}", "p"), ("{equal: [b, a]}", "f"), ("{not: [c]}", "p"),
        // Text compares with the items joined by line feeds.
        ("\"a\\nb\"", "p"), ("{match-regexp: 'a\\nb'}", "p"),
        // Only one of the two orders of taking works: "a" must leave the item to the stricter one.
        ("[{match-regexp: '.'}, a]", "p"), ("[a, {match-regexp: '.'}]", "p"),
    ]

    @Test(arguments: list)
    func comparesLists(yaml: String, letter: String) throws {
        #expect(try Self.matcher(yaml).match(.texts([Array("a".utf8), Array("b".utf8)])).letter == letter)
    }

    static let number: [(String, String)] = [
        ("5", "p"), ("5.0", "p"), ("6", "f"), ("\"5\"", "p"), ("\"5.0\"", "f"), ("{gt: 4}", "p"), ("{lt: 4}", "f"),
        ("{have-len: 1}", "e"), ("0x5", "p"), ("{equal: 5}", "p"), ("{equal: \"5\"}", "f"), ("true", "f"),
    ]

    @Test(arguments: number)
    func comparesNumbers(yaml: String, letter: String) throws {
        #expect(try Self.matcher(yaml).match(.number(5)).letter == letter)
    }

    @Test func comparesTruth() throws {
        #expect(try Self.matcher("true").match(.bool(true)) == .matched)
        #expect(try Self.matcher("\"true\"").match(.bool(true)) == .matched)
        #expect(try Self.matcher("1").match(.bool(true)).letter == "e")
    }

    /// Swift's `String` takes both spellings of é for one; two files with them are two files.
    @Test func comparesBytes() {
        #expect(Matcher.text("e\u{301}").match(.text("\u{e9}")).letter == "f")
        #expect(Matcher.text("\u{fffd}").match(.text([0xff])).letter == "f")
    }

    /// What a backtracking matcher needs centuries for.
    @Test func endsOnHostilePatterns() throws {
        let start = ContinuousClock.now
        let matcher = try Self.matcher("{match-regexp: '^(a+)+$'}")
        #expect(matcher.match(.text(String(repeating: "a", count: 100_000) + "!")).letter == "f")
        let plain = Matcher.containSubstring(String(repeating: "a", count: 50_000) + "b")
        #expect(plain.match(.text(String(repeating: "a", count: 100_000))).letter == "f")
        #expect(ContinuousClock.now - start < .seconds(2))
    }

    @Test func refusesHugeExpressions() {
        #expect(throws: RegularExpression.Fault.self) { try RegularExpression("((((a{99}){99}){99}){99})") }
    }
}
