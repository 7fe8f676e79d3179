import Testing

@testable import SpecRun

/// Expected values come from goss's `matchers/have_patterns.go` and its test.
@Suite struct LineSearchTests {
    static let table: [(patterns: [String], text: String, missing: [String])] = [
        (["foo"], "a foo b\n", []), (["foo"], "bar\n", ["foo"]), (["!foo"], "bar\n", []), (["!foo"], "foo\n", ["!foo"]),
        (["/fo+/"], "fooo\n", []), (["/^foo$/"], "x\nfoo\ny", []), (["/FOO/i"], "foo", []),
        (["/FOO/"], "foo", ["/FOO/"]),
        (["!/fo+/"], "fooo\n", ["!/fo+/"]), (["!/fo+/"], "bar", []),
        ([""], "", []), (["x"], "", ["x"]), (["!x"], "", []), (["/.*/"], "", ["/.*/"]),
        // A leading backslash makes plain text of what would mean something else.
        (["\\/etc"], "etc", []), (["\\!foo"], "foo", []), (["/usr/local"], "usr/local", []), (["/"], "anything", []),
        // Flags that RE2 does not know make plain text.
        (["/foo/x"], "foo/x", []), (["/foo/x"], "foo", ["/foo/x"]),
        (["b", "a"], "a\nb\n", []), (["/^a$/"], "a\r\nb\r\n", []),
        // A pattern is looked for in one line, never across two.
        (["a\nb"], "a\nb", ["a\nb"]),
    ]

    @Test(arguments: table)
    func finds(patterns: [String], text: String, missing: [String]) throws {
        var search = try LineSearch(patterns.map { LinePattern($0) })
        #expect(try search.unsatisfied(in: Array(text.utf8)).map(\.text) == missing)
    }

    @Test func refusesLinesOfAMebibyte() throws {
        let long = [UInt8](repeating: 0x61, count: 1 << 20)
        #expect(throws: LineSearch.LineTooLong.self) {
            var search = try LineSearch([LinePattern("b")])
            _ = try search.unsatisfied(in: long)
        }
        var search = try LineSearch([LinePattern("b")])
        #expect(try search.unsatisfied(in: Array(long.dropLast()) + Array("\nb".utf8)).isEmpty)
    }
}
