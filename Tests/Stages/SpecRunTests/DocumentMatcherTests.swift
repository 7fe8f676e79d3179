import BakeModel
import Testing

@testable import SpecRun

/// gjson, semver-constraint, xml, have-key, and `matching`, through whole specs that need no image.
@Suite struct DocumentMatcherTests {
    private static let json = """
        {"name": {"first": "Tom", "last": "Anderson"}, "age": 37, "ok": true, "none": null,
         "children": ["Sara", "Alex", "Jack"], "fav.movie": "Deer Hunter", "pi": 3.5,
         "friends": [{"first": "Dale", "last": "Murphy", "age": 44}, {"first": "Roger", "last": "Craig", "age": 68},
                     {"first": "Jane", "last": "Murphy", "age": 47}]}
        """

    /// The examples of gjson's own documentation.
    static let paths: [(String, String)] = [
        ("name.last", "\"Anderson\""), ("age", "37"), ("children", "[\"Sara\",\"Alex\",\"Jack\"]"), ("children.#", "3"),
        ("children.1", "\"Alex\""), ("child*.2", "\"Jack\""), ("c?ildren.0", "\"Sara\""),
        ("fav\\.movie", "\"Deer Hunter\""),
        ("friends.#.first", "[\"Dale\",\"Roger\",\"Jane\"]"), ("friends.1.last", "\"Craig\""),
        ("friends.#(last==\"Murphy\").first", "\"Dale\""),
        ("friends.#(last==\"Murphy\")#.first", "[\"Dale\",\"Jane\"]"),
        ("friends.#(age>45)#.last", "[\"Craig\",\"Murphy\"]"), ("friends.#(first%\"D*\").last", "\"Murphy\""),
        ("children|@reverse", "[\"Jack\",\"Alex\",\"Sara\"]"), ("name.@keys", "[\"first\",\"last\"]"), ("ok", "true"),
        ("pi", "3.5"), ("none", "null"), ("nope", "nothing"), ("children.9", "nothing"), ("age.x", "nothing"),
    ]

    @Test(arguments: paths)
    func findsInJSON(path: String, expected: String) throws {
        let document = try JSONText.value(of: Array(Self.json.utf8))
        #expect(try #require(JSONPath(path)).value(in: document).map { FoundValue($0).shown } ?? "nothing" == expected)
    }

    @Test func refusesPathsWithoutEnd() {
        #expect(JSONPath(Array(repeating: "@this", count: 100_000).joined(separator: "|")) == nil)
        #expect(JSONPath(Array(repeating: "a", count: 90).joined(separator: ".")) != nil)
    }

    @Test func showsWhatIsThere() throws {
        let content = "matching: {x: {content: '<a><b>1</b></a>', matches: {xml: {xpath: /a/b, result: 2}}}}"
        let spec = try SpecFile(parsing: content, name: "x")
        let image = ImageState(try MountedRoot(at: "/"))
        let verdict = SpecSuite(spec: spec, image: image, processes: NoProcesses(), patience: .none).verdict()
        #expect(
            verdict.checks[0].outcome.explanation.contains("\"/a/b\" is \"<b>1</b>\""), "\(verdict.checks[0].outcome)")
    }

    @Test(arguments: [
        "", "<a>", "<a></b>", "<a/><b/>", "<a x=1/>", "<a>&nope;</a>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", String(repeating: "<a>", count: 200_000),
    ])
    func refusesWhatIsNoXML(text: String) {
        #expect(throws: XMLDocument.Fault.self) { try XMLDocument(Array(text.utf8)) }
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "nul", "01x", "\"\u{1}\"", "[1] 2", String(repeating: "[", count: 100_000),
    ])
    func refusesWhatIsNoJSON(text: String) {
        #expect(throws: JSONText.Fault.self) { try JSONText.value(of: Array(text.utf8)) }
    }

    /// What node-semver's and Masterminds' documentation say of each.
    static let constraints: [(String, String, Bool)] = [
        (">=1.2.3", "1.2.3", true), (">1.2.3", "1.2.3", false), (">=1.0.0 <2.0.0", "1.9.9", true),
        (">=1.0.0 <2.0.0", "2.0.0", false), ("<1.0.0 || >=2.0.0", "2.1.0", true), ("!=1.2.3", "1.2.3", false),
        ("^1.2.3", "1.9.0", true), ("^1.2.3", "2.0.0", false), ("^0.2.3", "0.3.0", false), ("~1.2.3", "1.2.9", true),
        ("~1.2.3", "1.3.0", false), ("1.2.x", "1.2.7", true), ("1.2 - 1.4.5", "1.4.5", true), ("1.x", "2.0.0", false),
        ("*", "9.9.9", true), ("1.2.3", "v1.2.3", true), (">= 1.2", "1.2.0", true), (">1.0.0", "1.0.0-rc.1", false),
        (">1.0.0-alpha", "1.0.0-beta", true), (">1.0.0-alpha.2", "1.0.0-alpha.10", true),
        ("=1.0.0", "1.0.0+build", true), ("^9223372036854775807", "1.0.0", false),
        ("~0.9223372036854775807", "1.0.0", false), ("0.0.9223372036854775807", "0.0.1", false),
    ]

    @Test(arguments: constraints)
    func comparesVersions(constraint: String, version: String, expected: Bool) throws {
        #expect(try #require(VersionConstraint(constraint)).admits(try #require(SemanticVersion(version))) == expected)
    }

    @Test(arguments: ["", "abc", ">", ">=a", "1.2.3.4", "|| 1", "=>"])
    func refusesConstraints(text: String) {
        #expect(VersionConstraint(text) == nil)
    }

    /// A verdict's letter for `content`, `matches` of a `matching` resource.
    static let table: [(String, String, String)] = [
        ("some text", "some text", "p"), ("some text", "{match-regexp: ^some}", "p"), ("42", "42", "p"),
        ("42", "\"42\"", "p"),
        ("[1, 2, 3]", "{contain-element: 2}", "p"), ("[1, 2, 3]", "{have-len: 3}", "p"),
        ("[1, 2, 3]", "{consist-of: [3, 2, 1]}", "p"),
        ("[1, 2]", "{consist-of: [1, 2, 3]}", "f"), ("[a, b]", "{equal: [a, b]}", "p"),
        ("{a: 1, b: {c: x}}", "{equal: {a: 1, b: {c: x}}}", "p"),
        ("{a: 1}", "{equal: {a: 2}}", "f"), ("{a: 1, b: 2}", "{have-key: a}", "p"),
        ("{a: 1}", "{have-key: {have-prefix: b}}", "f"),
        ("{a: 1}", "{have-len: 1}", "p"), ("text", "{have-key: a}", "e"), ("1.5", "{gt: 1}", "p"), ("1.5", "1.5", "p"),
        ("'{\"a\": {\"b\": [1, \"x\"]}}'", "{gjson: {a.b.0: 1, a.b.1: {have-prefix: x}}}", "p"),
        ("'{\"a\": {\"b\": 1}}'", "{gjson: {a.b: 2}}", "f"), ("'{\"a\": 1}'", "{gjson: {b: 2}}", "e"),
        ("'{\"a\": 1}'", "{not: {gjson: {b: 2}}}", "e"), ("no json", "{gjson: {b: 2}}", "e"),
        ("'{\"a\": {\"b\": 1}}'", "{gjson: {a: {have-key: b}}}", "p"),
        ("'{\"a\": [{\"n\": 1}]}'", "{gjson: {a.#: 1}}", "p"),
        ("'{\"a\": true}'", "{gjson: {a: true}}", "p"),
        ("'{\"a\": [1, 2]}'", "{gjson: {a: {contain-elements: [2]}}}", "p"),
        ("[1.2.3, 1.9.0]", "{semver-constraint: \">=1.0.0 <2.0.0\"}", "p"),
        ("[1.2.3, 2.0.0]", "{semver-constraint: ^1}", "f"),
        ("1.2.3", "{semver-constraint: \">1.2\"}", "p"), ("x", "{semver-constraint: \">1.2\"}", "e"),
        ("[]", "{semver-constraint: \">1\"}", "f"),
        ("'<a><b>1</b></a>'", "{xml: {xpath: /a/b/text(), result: 1}}", "p"),
        ("'<a><b>1</b></a>'", "{xml: {xpath: /a/b, result: 1}}", "f"),
        ("'<a><b>1</b></a>'", "{xml: {xpath: /a/b, result: {equal: \"1\"}}}", "p"),
        ("'<a><b>1</b></a>'", "{xml: {xpath: boolean(/a/b), result: true}}", "p"),
        ("'<a><b>1</b></a>'", "{xml: {xpath: /a/b, result: \"\"}}", "p"),
        ("'<a/>'", "{xml: {xpath: /a/b, result: \"\"}}", "f"),
        ("'<a><b>1</b></a>'", "{xml: {xpath: /a/b, result: {gt: 1}}}", "f"),
        ("'<a/>'", "{xml: {xpath: /a/b, result: {gt: 1}}}", "e"), ("'<a/>'", "{xml: {xpath: /a/b, result: 1}}", "f"),
        ("'<a'", "{xml: {xpath: /a, result: 1}}", "e"),
        ("~", "{not: x}", "p"), ("true", "true", "p"), ("true", "false", "f"),
    ]

    @Test(arguments: table)
    func judges(content: String, matches: String, letter: String) throws {
        let spec = try SpecFile(
            parsing: "matching:\n  it:\n    content: \(content)\n    matches: \(matches)\n", name: "x")
        let image = ImageState(try MountedRoot(at: "/"))
        let verdict = SpecSuite(spec: spec, image: image, processes: NoProcesses(), patience: .none).verdict()
        #expect(verdict.letters == letter, "\(verdict.checks.map(\.outcome))")
    }

    @Test(arguments: [("true", "pp"), ("false", "ff")])
    func readsAsAFile(asReader: String, letters: String) throws {
        let text = """
            matching:
              a: {content: "one\\ntwo", as-reader: \(asReader), matches: [/^tw/, "!three"]}
              b: {content: "one\\ntwo", as-reader: \(asReader), matches: {have-patterns: [one]}}
            """
        let spec = try SpecFile(parsing: text, name: "x")
        let image = ImageState(try MountedRoot(at: "/"))
        let verdict = SpecSuite(spec: spec, image: image, processes: NoProcesses(), patience: .none).verdict()
        // Without the word it is text: a list is looked for in it, and text has no list. Patterns read both.
        #expect(verdict.letters == (asReader == "true" ? letters : "ep"))
    }
}
