import BakeModel
import GitFixtures
import Testing

@testable import SourceCheckout

/// git's own glob pathspecs say what matches: `git ls-files -- ':(glob)PATTERN'`.
@Suite struct PathMatcherTests {
    private static let names = [
        "Makefile", "a.c", "b.c", "b.h", "src/a.c", "src/deep/b.c", "src/deep/er/c.c", "src/x", "docs/a/b/c",
        "docs/a/c",
        ".hidden", "src/.hidden.c", "we [ird]/file", "star*/f", "日本.c", "x/y/x/y/z", "src2/a.c", "back\\slash",
    ]

    private static let patterns = [
        "*", "*.c", "src/*.c", "src/**", "**/*.c", "src/**/*.c", "**", "**/c", "docs/**/c", "docs/*/c", "[ab].c",
        "[!a].h",
        "[a-b].?", "?akefile", "src*", "src?/a.c", "*/deep", "s*c/d*p", "**/x/**/z", "x/**/y/**/z", "\\*", "star\\*",
        "we \\[ird\\]", ".*", "**/.*", "src/[.]hidden.c", "*.[ch]", "[]a].c", "Makefile/**", "**/Makefile/**", "[a-].c",
        "src/**/**/b.c",
        "nothing*",
    ]

    @Test func matchesWhatGitMatches() throws {
        let repository = try TestRepository()
        try repository.commit(files: Dictionary(uniqueKeysWithValues: Self.names.map { ($0, "") }))
        for pattern in Self.patterns {
            let listed = try repository.git("-c", "core.quotePath=false", "ls-files", "-z", "--", ":(glob)\(pattern)")
            let expected = Set(listed.split(separator: "\0").map(String.init))
            let matcher = try PathMatcher(PathPattern(text: pattern, contents: false))
            let matched = try Self.names.filter { matcher.matches(try TreePath(cleaning: $0)) }
            #expect(Set(matched) == expected, "\(pattern)")
        }
    }

    @Test func aPlainPathIsAFileOrAllBelowADirectory() throws {
        func matches(_ pattern: String, _ path: String) throws -> Bool {
            try PathMatcher(PathPattern(text: pattern, contents: false)).matches(TreePath(cleaning: path))
        }
        #expect(try matches("src", "src/a/b"))
        #expect(try matches("./src/", "src/a"))
        #expect(try matches(".", "anything") && matches("", "anything"))
        #expect(try !matches("src", "src2/a"))
        #expect(try !matches("src/a", "src"))
        // Without a wildcard a backslash is a backslash; é composed and decomposed are two names.
        #expect(try matches("back\\slash", "back\\slash"))
        #expect(try !matches("\u{e9}", "e\u{301}"))
    }

    @Test func aQuestionMarkIsACharacter() throws {
        let matcher = try PathMatcher(PathPattern(text: "?[!x]", contents: false))
        #expect(matcher.matches(try TreePath(cleaning: "日本")))
        #expect(matcher.matches(try TreePath(cleaning: [0xff, 0x80])))
    }

    @Test(arguments: ["[", "a[b", "[!", "[]", "src/[a-"])
    func refusesAnOpenClass(_ pattern: String) {
        #expect(throws: PatternError.unclosedClass(pattern)) {
            try PathMatcher(PathPattern(text: pattern, contents: false))
        }
    }

    @Test func refusesToLeave() {
        #expect(throws: PatternError.leavesRoot("a/../*")) {
            try PathMatcher(PathPattern(text: "a/../*", contents: false))
        }
    }

    @Test func takesLittleTimeForEveryPattern() throws {
        let path = try TreePath(cleaning: Array(repeating: "a", count: 1000).joined(separator: "/"))
        let stars = Array(repeating: "**/a", count: 60).joined(separator: "/") + "/b"
        #expect(try !PathMatcher(PathPattern(text: stars, contents: false)).matches(path))
        let part = try TreePath(cleaning: String(repeating: "a", count: 255))
        let many = String(repeating: "a*", count: 120) + "b"
        #expect(try !PathMatcher(PathPattern(text: many, contents: false)).matches(part))
    }
}
