import BakeModel
import Testing

@testable import SpecRun

@Suite struct StructureFileTests {
    private static let head = "schemaVersion: 2.0.0\n"

    private func faults(_ text: String) throws -> [String] {
        do throws(SourceFaults) {
            _ = try Spec(parsing: Self.head + text, name: "structure.yaml")
        } catch {
            return error.faults.map { "\($0.position.line):\($0.position.column) \($0.message)" }
        }
        return []
    }

    /// The file says what it is; everything else is goss's.
    @Test func aFaultOfYAMLIsToldInItsOwnVocabulary() {
        let text = "schemaVersion: 2.0.0\nfileExistenceTests: [{ name: a, path: /b, path: /c }]\n"
        let faults = #expect(throws: SourceFaults.self) { try Spec(parsing: text, name: "cst.yaml") }
        #expect(faults?.faults.count == 1 && "\(String(describing: faults))".contains("path"))
    }

    @Test(arguments: ["schemaVersion: 2.0.0\n", "schemaVersion: \"2.0.0\"\n", "{\"schemaVersion\": \"2.0.0\", "])
    func isRecognised(head: String) throws {
        let isJSON = head.hasPrefix("{")
        let text = head + (isJSON ? "\"metadataTest\": {\"user\": \"web\"}}" : "metadataTest: {user: web}")
        guard case .structure(let file) = try Spec(parsing: text, name: "a").parts[0] else {
            Issue.record("taken for goss's")
            return
        }
        #expect(file.metadata?.user == "web")
    }

    static let table: [(String, [String])] = [
        (
            "fileExistenceTests: [{name: a, path: /x, permision: x}]",
            ["2:42 a file existence test has no key \"permision\""]
        ),
        ("fileExistenceTests: [{path: /x}]", ["2:22 the test has no \"name\""]),
        ("fileExistenceTests: [{name: a, path: \"\"}]", ["2:38 \"path\" is empty"]),
        ("fileExistenceTests: [{name: a, path: /x, uid: root}]", ["2:47 \"uid\" is a number, not \"root\""]),
        (
            "fileExistenceTests: [{name: a, path: /x, isExecutableBy: all}]",
            ["2:58 \"isExecutableBy\" is owner, group, other or any, not \"all\""]
        ),
        (
            "commandTests: [{name: a}]\nfileContentTests: {}",
            ["2:16 the test has no \"command\"", "3:19 \"fileContentTests\" is a list, not a map"]
        ),
        ("commandTests: [{name: a, command: b, setup: [[]]}]", ["2:46 a command of \"setup\" has no words"]),
        (
            "commandTests: [{name: a, command: b, expectedOutput: [\"(\"]}]",
            ["2:55 the regular expression is wrong: missing ): ("]
        ),
        ("licenseTests: [{debian: true}]", ["2:15 bake does not judge licenses"]),
        ("containerRunOptions: {privileged: true}", ["2:23 \"privileged\" is not in this version"]),
        ("metadataTest: {labels: [{value: a}]}", ["2:25 the test has no \"key\""]),
        ("metadataTest: {}", ["1:1 the spec checks nothing"]), ("", ["1:1 the spec checks nothing"]),
    ]

    @Test(arguments: table)
    func refuses(text: String, expected: [String]) throws { #expect(try faults(text) == expected) }

    @Test func refusesAnotherVersion() throws {
        #expect(throws: SourceFaults.self) { try Spec(parsing: "schemaVersion: 1.0.0\n", name: "a") }
    }

    /// Go's `os.Expand`, asked of a Go program: what follows each dollar, and what is left.
    @Test(arguments: [
        ("$A/b", "1/b"), ("${A}b", "1b"), ("$AB", "2"), ("$NONE.", "."), ("a$", "a$"), ("$$", ""), ("$1x", "x"),
        ("${A", "A"), ("$A$AB", "12"), ("$-x", "x"), ("$/x", "$/x"),
    ])
    func expandsNames(text: String, expected: String) {
        #expect(ShellWords.expanded(text, ["A": "1", "AB": "2"]) == expected)
    }

    /// `os.FileMode.String` of Go's documentation: letters of the kind, then the nine.
    @Test(
        arguments: [
            (0o100644, "-rw-r--r--"), (0o104755, "urwxr-xr-x"), (0o042755, "dgrwxr-xr-x"), (0o041777, "dtrwxrwxrwx"),
            (0o120777, "Lrwxrwxrwx"), (0o020620, "Dcrw--w----"), (0o060660, "Drw-rw----"), (0o010600, "prw-------"),
            (0o140755, "Srwxr-xr-x"), (0o040700, "drwx------"), (0o100000, "----------"),
        ] as [(UInt32, String)])
    func spellsModesAsGoDoes(mode: UInt32, text: String) { #expect(GoFileMode.text(mode) == text) }

    @Test func aListKeepsItsParts() throws {
        let stage = try #require(StageName("os"))
        let spec = Spec(
            [
                try Spec(parsing: "file: {/x: {exists: true}}", name: "goss.yaml"),
                try Spec(parsing: Self.head + "metadataTest: {user: web}", name: "structure.yaml"),
                Spec([.command(StageCheck(stage: stage, script: "true"))]),
            ].flatMap(\.parts))
        #expect(spec.name == "goss.yaml, structure.yaml, in os")
        #expect(try Spec(parsing: spec.document.text, name: "x") == spec)
        #expect(spec.stages == [stage])
    }
}
