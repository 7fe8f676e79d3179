import BakeModel
import Testing

@testable import SpecRun

@Suite struct SpecFileTests {
    /// `line:column message` of every fault.
    private func faults(_ text: String) -> [String] {
        do throws(SourceFaults) {
            _ = try SpecFile(parsing: text, name: "goss.yaml")
            return []
        } catch {
            return error.faults.map { "\($0.line):\($0.column) \($0.message)" }
        }
    }

    private static let manyHours = String(repeating: "99999999h", count: 30_000)

    static let wrong: [(String, [String])] = [
        ("", ["1:1 the file says nothing"]),
        ("null\n", ["1:1 a spec is a map, not nothing"]),
        ("{}\n", ["1:1 the spec checks nothing"]),
        ("file: {}\n", ["1:1 the spec checks nothing"]),
        ("file:\n  /x:\n", ["2:3 a file is a map, not nothing"]),
        ("file:\n  /x: {exists: true, skip: true}\n", ["1:1 the spec skips everything"]),
        ("files:\n  /x: {exists: true}\n", ["1:1 a spec has no key \"files\""]),
        ("service:\n  nginx: {runing: true}\n", ["2:11 a service has no key \"runing\""]),
        ("addr:\n  tcp://a: {reachable: true}\n", ["2:3 \"tcp://a\" is no address"]),
        ("dns:\n  XY:a: {resolvable: true}\n", ["2:3 there is no type of records \"XY\""]),
        ("mount:\n  /: {exists: true, opt: [rw]}\n", ["2:21 a mount has no key \"opt\""]),
        ("gossfile:\n  other.yaml: {}\n", ["2:3 checks in a pipeline file include no files"]),
        (
            "matching:\n  a: {content: 1, matches: {semver-constraint: xy}}\n",
            ["2:48 \"xy\" is no constraint of versions"]
        ),
        ("matching:\n  a: {content: 1, matches: {xml: {xpath: /a}}}\n", ["2:34 \"xml\" needs xpath and result"]),
        ("file:\n  /x: {exists: true, mod: \"0644\"}\n", ["2:22 a file has no key \"mod\""]),
        ("file:\n  /x: {exists: ~}\n", ["2:16 \"exists\" has no value"]),
        ("file:\n  /x: {exists: true, mode: {gjson: [a]}}\n", ["2:36 \"gjson\" is a map, not a list"]),
        ("file:\n  /x: {exists: true, mode: {have-prefx: a}}\n", ["2:29 there is no matcher \"have-prefx\""]),
        ("file:\n  /x: {exists: true, mode: {gt: 1, lt: 3}}\n", ["2:36 only one matcher stands at a level"]),
        ("file:\n  /x: {exists: true, mode: {gt: a}}\n", ["2:33 \"gt\" is a number, not \"a\""]),
        ("file:\n  /x: {exists: true, contents: [80]}\n", ["2:33 \"a pattern\" takes text"]),
        ("user:\n  a: {exists: true, uid: x}\n", ["2:26 \"uid\" is a number, not \"x\""]),
        ("file:\n  /x: {exists: *no}\n", ["2:16 there is no anchor &no before this"]),
        ("file:\n  /x: {exists: true, <<: 1}\n", ["2:26 \"<<\" is a map, or a list of maps, not text"]),
        ("matching:\n  a: {content: [], matches: {have-len: 1e30}}\n", ["2:40 \"have-len\" is a number of items"]),
        (
            "matching:\n  a: {content: [], matches: {and: [{have-len: -1}]}}\n",
            ["2:47 \"have-len\" is a number of items"]
        ),
        (
            "command:\n  a: {exit-status: 0, retry_delay: \(manyHours)}\n",
            ["2:36 \"retry_delay\" is milliseconds, or text such as 500ms, 2s or 1m"]
        ),
        ("port:\n  sctp:80: {listening: true}\n", ["2:3 \"sctp:80\" is no port"]),
        ("port:\n  tcp:65536: {listening: true}\n", ["2:3 \"tcp:65536\" is no port"]),
        ("http:\n  file:///etc/passwd: {status: 200}\n", ["2:3 \"file:///etc/passwd\" is no http or https address"]),
        (
            "http:\n  http://a: {status: 200, request-headers: [\"A: b\\r\\nC: d\"]}\n",
            ["2:45 a header is \"Name: value\""]
        ),
        ("- file: {/x: {exists: true}}\n", ["1:1 a spec is a map, not a list"]),
        ("command:\n  a: {exit-status: 0, exec: [a, [b]]}\n", ["2:33 an item of \"exec\" is text, not a list"]),
        ("command:\n  a: {exit-status: 0, exec: [\"\", b]}\n", ["2:29 the first word of \"exec\" is empty"]),
        ("command:\n  \"\": {exit-status: 0, exec: \"\"}\n", ["2:3 \"exec\" is empty"]),
        ("command:\n  a: {exit-status: 0, timeout: -1}\n", ["2:32 \"timeout\" is a number from 0 to 3600000"]),
        (
            "command:\n  a: {exit-status: 0, retry_delay: soon}\n",
            [
                "2:36 \"retry_delay\" is milliseconds, or text such as 500ms, 2s or 1m"
            ]
        ),
        ("file:\n  {{.Vars.path}}:\n    exists: true\n", ["2:5 there is no \"path\" here"]),
        (
            "a: &a [x]\nfile: *a\n", ["1:4 \"file\" is a map, not a list"]
        ),
        // All at once, in the file's order.
        (
            "file:\n  /x: {exist: true}\nuser:\n  a: {exists: {foo: 1}}\nfiles: 1\n",
            [
                "2:8 a file has no key \"exist\"", "4:16 there is no matcher \"foo\"",
                "5:1 a spec has no key \"files\"",
            ]
        ),
    ]

    @Test(arguments: wrong)
    func tellsEveryFault(text: String, expected: [String]) {
        #expect(faults(text) == expected)
    }

    @Test func showsLineCaretAndSuggestion() throws {
        let error = #expect(throws: SourceFaults.self) {
            try SpecFile(parsing: "file:\n  /x: {exists: true, ownr: root}\n", name: "goss.yaml")
        }
        #expect(
            error?.report == """
                goss.yaml:2:22: a file has no key "ownr"
                    /x: {exists: true, ownr: root}
                                       ^
                  did you mean "owner"?
                """)
        #expect(error?.exit == .usage)
    }

    @Test func refusesPatternsThatDoNotCompile() {
        let faults = faults("file:\n  /x: {exists: true, contents: [\"/(?=a)/\"]}\n")
        #expect(faults.count == 1 && faults[0].hasPrefix("2:33 this is no regular expression: "))
    }

    /// A bomb of aliases is refused where it stands, before anything is multiplied.
    @Test func refusesBombs() {
        let lines = (1..<30).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]" }
        let bomb = faults((["a0: &a0 [x]"] + lines).joined(separator: "\n"))
        #expect(bomb.count == 1 && bomb[0].hasSuffix("more than 100000 values"), "\(bomb)")
        let deep = (1..<40).map { "a\($0): &a\($0) [*a\($0 - 1)]" }
        #expect(faults((["a0: &a0 [x]"] + deep).joined(separator: "\n")).contains { $0.hasSuffix("deeper than 32") })
        #expect(faults(String(repeating: "[", count: 100_000)).count == 1)
        #expect(faults("file:\n  /x:\n    exists: " + String(repeating: "{not: ", count: 40)).count == 1)
    }

    /// As goss's documentation has them; and a section without resources is none.
    @Test func takesAnchorsAndMergeKeys() throws {
        let text = """
            user:
            file:
              /a: &plain {exists: true, mode: "0644"}
              /b: *plain
              /c: {<<: *plain, mode: "0600"}
              /d: {owner: root, <<: [{exists: false}, *plain]}
            gossfile:
            """
        let spec = try SpecFile(parsing: text, name: "goss.yaml")
        let found = spec.resources.map { ($0.id, $0.expectations.map(\.matcher)) }
        #expect(found.map(\.0) == ["/a", "/b", "/c", "/d"])
        #expect(found[1].1 == found[0].1 && found[0].1 == [.bool(true), .text("0644")])
        #expect(found[2].1 == [.bool(true), .text("0600")])
        #expect(found[3].1 == [.bool(false), .text("0644"), .text("root")])
    }

    @Test func warnsOfWhatAssertsNothing() throws {
        let text = """
            file:
              /x: {exists: true, mode: 0644, contents: []}
            user:
              a: {exists: true, uid: "0"}
            """
        let spec = try SpecFile(parsing: text, name: "goss.yaml")
        #expect(spec.warnings.map { "\($0.line):\($0.column)" } == ["2:28", "2:44", "4:26"])
        #expect(spec.resources[0].expectations.map(\.property) == [.exists, .mode])
        #expect(spec.resources[1].expectations[1].matcher == .number(0))
    }

    /// Words need no shell: proposed for goss as well (goss-org/goss#871). An empty list is as if it were not there.
    @Test func aCommandMayBeWords() throws {
        let text = """
            command:
              version: {exit-status: 0, exec: [go, "version with spaces", 2]}
              uptime: {exit-status: 0, exec: []}
            """
        let spec = try SpecFile(parsing: text, name: "goss.yaml")
        let programs = spec.resources.compactMap { resource -> RootProgram? in
            if case .command(let request) = resource.inquiry { request.program } else { nil }
        }
        #expect(programs == [RootProgram(words: ["go", "version with spaces", "2"]), .shell("uptime")])
        #expect(spec.resources.map(\.id) == ["version", "uptime"])
        #expect(spec.warnings.map { "\($0.line):\($0.column)" } == ["3:34"])
    }

    /// In goss the key counts where what stands instead of it is empty: `if c.Exec != ""`, and so for every type.
    @Test func anEmptyNameIsNone() throws {
        let text = """
            command: { "true": { exit-status: 0, exec: "" } }
            file: { /etc/passwd: { exists: true, path: "" } }
            """
        let spec = try SpecFile(parsing: text, name: "goss.yaml")
        #expect(spec.resources.map(\.inquiry).suffix(1) == [.file(path: "/etc/passwd")])
        #expect(spec.resources.map(\.id) == ["true", "/etc/passwd"])
        #expect(spec.warnings.map { "\($0.line):\($0.column)" } == ["1:44", "2:44"])
    }

    /// goss reads its file without asking for keys that it does not know, as of anchors.
    @Test func whatGossPassesOverIsWarnedOf() throws {
        let text = "x-web: &web { exists: true }\nenv: { A: b }\nfile: { /x: *web }\n"
        let spec = try SpecFile(parsing: text, name: "goss.yaml")
        #expect(spec.resources.map(\.id) == ["/x"])
        #expect(
            spec.warnings.map { "\($0.line):\($0.column) \($0.message)" }.first?.hasPrefix("1:1 a spec has no key")
                == true)
        #expect(spec.warnings.count == 2)
        let files = [
            ("files: { /x: { exists: true } }\nuser: { root: { exists: true } }\n", "did you mean \"file\"?"),
            ("registry: { x: { value: y } }\nuser: { root: { exists: true } }\n", "its keys are file"),
            ("language: go\nenv: { A: b }\n", "its keys are file"),
            // Not indented: YAML sees an empty section and something else.
            ("user: { root: { exists: true } }\nfile:\n/x:\n  exists: true\n", "its keys are file"),
        ]
        for (text, suggestion) in files {
            let faults = #expect(throws: SourceFaults.self) { try SpecFile(parsing: text, name: "goss.yaml") }
            #expect(faults?.faults.first?.suggestion?.hasPrefix(suggestion) == true, "\(text)")
        }
    }

    @Test func keepsTheOrderOfEvaluation() throws {
        let spec = try SpecFile(
            parsing: "command:\n  b: {stderr: [x], stdout: [y], exit-status: 0}\nfile: {/a: {mode: x, exists: true}}\n",
            name: "x")
        #expect(spec.resources.map(\.id) == ["b", "/a"])
        #expect(spec.resources[0].expectations.map(\.property) == [.exitStatus, .stdout, .stderr])
    }

    @Test func readsJSON() throws {
        let spec = try SpecFile(
            parsing: #"{"port": {"tcp:80": {"listening": true, "ip": ["0.0.0.0"]}}}"#, name: "a.json")
        #expect(spec.resources[0].inquiry == .port(try #require(ListeningPort("80"))))
        #expect(spec.asksRunningImage)
    }

    @Test func namesASubjectBesideTheKey() throws {
        let spec = try SpecFile(parsing: "file:\n  config: {path: /etc/x, exists: true}\n", name: "x")
        #expect(spec.resources[0].id == "config: /etc/x")
        #expect(spec.resources[0].inquiry == .file(path: "/etc/x"))
    }

    @Test(arguments: [
        ("2s", 2000), ("500ms", 500), ("1m30s", 90_000), ("", nil), ("5", nil), ("2h", nil), ("-1s", nil),
    ])
    func readsDurations(text: String, expected: Int64?) {
        #expect(GoDuration.milliseconds(text) == expected)
    }
}
