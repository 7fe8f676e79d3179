import Testing

@testable import SpecRun

/// Sprig's functions, with the results that its documentation gives.
@Suite struct TemplateFunctionTests {
    static let table: [(String, String)] = [
        ("upper \"hello\"", "HELLO"), ("toLower \"HELLO\"", "hello"), ("trim \"  hello \"", "hello"),
        ("trimAll \"$\" \"$5.00\"", "5.00"), ("trimSuffix \"-\" \"hello-\"", "hello"),
        ("trimPrefix \"-\" \"-hello\"", "hello"), ("title \"hello world\"", "Hello World"),
        ("untitle \"Hello World\"", "hello world"), ("repeat 3 \"hello\"", "hellohellohello"),
        ("substr 0 5 \"hello world\"", "hello"), ("nospace \"hello w o r l d\"", "helloworld"),
        ("trunc 5 \"hello world\"", "hello"), ("trunc -5 \"hello world\"", "world"),
        ("abbrev 5 \"hello world\"", "he..."), ("initials \"First Try\"", "FT"),
        ("contains \"cat\" \"catch\"", "true"), ("hasPrefix \"cat\" \"catch\"", "true"),
        ("hasSuffix \"ch\" \"catch\"", "true"), ("quote \"a\" 1", "\"a\" \"1\""), ("squote \"a\"", "'a'"),
        ("cat \"hello\" \"beautiful\" \"world\"", "hello beautiful world"), ("indent 4 \"a\\nb\"", "    a\n    b"),
        ("nindent 2 \"a\"", "\n  a"), ("\"I Am Henry VIII\" | replace \" \" \"-\"", "I-Am-Henry-VIII"),
        ("len (list 1 2) | plural \"one anchovy\" \"many anchovies\"", "many anchovies"),
        ("snakecase \"FirstName\"", "first_name"), ("camelcase \"http_server\"", "HttpServer"),
        ("kebabcase \"FirstName\"", "first-name"), ("swapcase \"This Is A.Test\"", "tHIS iS a.tEST"),
        ("list 1 2 3 | join \"-\"", "1-2-3"), ("splitList \"$\" \"foo$bar$baz\"", "[foo bar baz]"),
        ("(split \"$\" \"foo$bar$baz\")._1", "bar"), ("(splitn \"$\" 2 \"foo$bar$baz\")._1", "bar$baz"),
        ("sortAlpha (list \"c\" \"a\" \"b\")", "[a b c]"), ("until 5", "[0 1 2 3 4]"), ("untilStep 3 6 2", "[3 5]"),
        ("seq 5", "1 2 3 4 5"), ("seq -3", "1 0 -1 -2 -3"), ("seq 0 2 10", "0 2 4 6 8 10"), ("add 1 2 3", "6"),
        ("sub 5 2", "3"), ("mul 1 2 3", "6"), ("div 7 2", "3"), ("mod 7 2", "1"), ("max 1 2 3", "3"),
        ("min 1 2 3", "1"),
        ("floor 123.9999", "123"), ("ceil 123.001", "124"), ("round 123.555555 3", "123.556"), ("atoi \"42\"", "42"),
        ("int \"10\" | add 1", "11"), ("default \"foo\" \"\"", "foo"), ("default \"foo\" \"bar\"", "bar"),
        ("empty \"\"", "true"), ("coalesce 0 1 2", "1"), ("ternary \"foo\" \"bar\" true", "foo"),
        ("all 0 1", "false"), ("any 0 1", "true"), ("toJson (dict \"a\" (list 1 \"x\"))", "{\"a\":[1,\"x\"]}"),
        ("(fromJson \"{\\\"foo\\\": 55}\").foo", "55"), ("kindOf \"a\"", "string"), ("kindIs \"slice\" (list)", "true"),
        ("first (list 1 2)", "1"), ("rest (list 1 2 3)", "[2 3]"), ("last (list 1 2)", "2"),
        ("initial (list 1 2)", "[1]"),
        ("append (list 1) 2", "[1 2]"), ("prepend (list 1) 2", "[2 1]"), ("concat (list 1) (list 2)", "[1 2]"),
        ("reverse (list 1 2)", "[2 1]"), ("uniq (list 1 1 2)", "[1 2]"), ("without (list 1 2 3) 2", "[1 3]"),
        ("has 4 (list 1 4)", "true"), ("compact (list 1 0 2)", "[1 2]"), ("slice (list 1 2 3 4 5) 1 3", "[2 3]"),
        ("chunk 2 (list 1 2 3)", "[[1 2] [3]]"), ("mkSlice \"a\" \"b\"", "[a b]"),
        ("dict \"a\" 1 \"b\" 2", "map[a:1 b:2]"), ("get (dict \"a\" 1) \"a\"", "1"),
        ("hasKey (dict \"a\" 1) \"b\"", "false"),
        ("keys (dict \"b\" 1 \"a\" 2)", "[a b]"), ("pick (dict \"a\" 1 \"b\" 2) \"a\"", "map[a:1]"),
        ("omit (dict \"a\" 1 \"b\" 2) \"a\"", "map[b:2]"),
        ("merge (dict \"a\" 1) (dict \"a\" 2 \"b\" 3)", "map[a:1 b:3]"),
        ("mergeOverwrite (dict \"a\" 1) (dict \"a\" 2)", "map[a:2]"),
        ("dig \"a\" \"b\" \"no\" (dict \"a\" (dict \"b\" 1))", "1"),
        ("dig \"a\" \"c\" \"no\" (dict \"a\" (dict \"b\" 1))", "no"), ("b64enc \"hello\"", "aGVsbG8="),
        ("b64dec \"aGVsbG8=\"", "hello"),
        ("sha256sum \"Hello world!\"", "c0535e4be2b79ffd93291305436bf889314e4a3faec05ecffcbb7df31ad9e51a"),
        ("base \"foo/bar/baz\"", "baz"), ("dir \"foo/bar/baz\"", "foo/bar"), ("clean \"foo/bar/../baz\"", "foo/baz"),
        ("ext \"foo.bar\"", ".bar"), ("isAbs \"/a\"", "true"), ("semverCompare \"^1.2.0\" \"1.2.3\"", "true"),
        ("semverCompare \">=1.2, <2 || ^3\" \"2.5.0\"", "false"),
        ("(semver \"1.2.3-alpha.1+123\").Prerelease", "alpha.1"),
        ("regexMatch \"^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\" \"test@acme.com\"", "true"),
        ("regexFindAll \"[2,4,6,8]\" \"123456789\" -1", "[2 4 6 8]"),
        ("regexFind \"[a-zA-Z][1-9]\" \"abcd1234\"", "d1"),
        ("regexReplaceAll \"a(x*)b\" \"-ab-axxb-\" \"${1}W\"", "-W-xxW-"),
        ("regexReplaceAllLiteral \"a(x*)b\" \"-ab-axxb-\" \"${1}\"", "-${1}-${1}-"),
        ("regexSplit \"z+\" \"pizza\" -1", "[pi a]"), ("index (findStringSubmatch \"v(\\\\d+)\" \"v12\") 1", "12"),
        ("mustFirst (list 1 2)", "1"), ("mustRegexFind \"[a-zA-Z][1-9]\" \"abcd1234\"", "d1"),
        ("mustToJson (dict \"a\" 1)", "{\"a\":1}"), ("maxf 1 2.5 3", "3"), ("minf 1.5 2 3", "1.5"),
        ("add1f 1.5", "2.5"),
        ("typeIsLike \"string\" \"x\"", "true"), ("env \"HOME\"", "/root"), ("getEnv \"NOPE\" \"none\"", "none"),
        ("readFile \"x\"", "read"),
        ("printf \"%d%%\" 5", "5%"), ("printf \"%d\"", "%!d(MISSING)"), ("printf \"%05d|%+d\" 42 7", "00042|+7"),
    ]

    /// What would be larger than any template may become is not made first; what has no end is not begun.
    @Test(arguments: [
        "replace \"\" (repeat 1000 \"y\") (repeat 100000 \"x\")", "join (repeat 10000 \"y\") (until 10000)",
        "seq 9223372036854775807", "seq -9223372036854775807", "wrapWith 1 (repeat 1000 \"-\") (repeat 10000 \"a \")",
    ])
    func hasLimits(call: String) {
        let start = ContinuousClock.now
        #expect(throws: (any Error).self) { try TemplateTests.text("{{ \(call) | len }}") }
        #expect(ContinuousClock.now - start < .seconds(2))
    }

    /// A second name makes no function of one that there is not.
    @Test(arguments: ["mustNow", "must", "mustfirst", "mustOr\u{301}"])
    func knowsNoMore(name: String) {
        #expect(throws: (any Error).self) { try TemplateTests.text("{{ \(name) (list 1) }}") }
    }

    @Test func wrapsLongTexts() throws {
        #expect(try TemplateTests.text("{{ wrap 7 \"one two three four\" }}") == "one two\nthree\nfour")
        let start = ContinuousClock.now
        #expect(try TemplateTests.text("{{ wrap 1000000 (repeat 100000 \"ab \") | len }}") == "299999")
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test(arguments: table)
    func doesAsSprigDoes(call: String, expected: String) throws {
        #expect(try TemplateTests.text("{{ \(call) }}").replacing("  read\n", with: "read") == expected)
    }
}
