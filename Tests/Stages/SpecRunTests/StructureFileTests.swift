import BakeModel
import Foundation
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
        ("licenseTests: [{debian: 1}]", ["2:25 \"debian\" is true or false, not \"1\""]),
        ("licenseTests: [{debian: false}]", ["1:1 the spec checks nothing"]),
        (
            "containerRunOptions: {privileged: true}",
            [
                "2:35 \"privileged\" is for what this machine's root may do, and no command in a sandbox may do that"
            ]
        ),
        ("containerRunOptions: {priviledged: true}", ["2:23 \"containerRunOptions\" has no key \"priviledged\""]),
        ("containerRunOptions: {capabilities: [NET_ADMN]}", ["2:38 there is no capability \"NET_ADMN\""]),
        (
            "containerRunOptions: {envVars: [HOME]}",
            ["2:33 a spec of a commit does not see the environment of whoever bakes, so there is no \"HOME\""]
        ),
        (
            "containerRunOptions: {envFile: a.env}",
            ["2:32 files are not read here: say the values in \"globalEnvVars\""]
        ),
        (
            "containerRunOptions: {bindMounts: [/etc:/x]}",
            ["2:35 a spec of a commit does not see the files of whoever bakes: nothing is mounted"]
        ),
        ("metadataTest: {labels: [{value: a}]}", ["2:25 the test has no \"key\""]),
        ("metadataTest: {}", ["1:1 the spec checks nothing"]), ("", ["1:1 the spec checks nothing"]),
        ("commandTests:\n# all of it\nmetadataTest:\nlicenseTests:", ["1:1 the spec checks nothing"]),
        ("commandTests: [{name: , command: a, args: , setup: }]", ["2:16 the test has no \"name\""]),
        ("fileExistenceTests: [{name: a, path: /x, uid: }]", ["2:42 \"uid\" is a number, not nothing"]),
    ]

    @Test(arguments: table)
    func refuses(text: String, expected: [String]) throws { #expect(try faults(text) == expected) }

    /// Of what whoever tests by hand lends; what Docker says of the same is in its own words.
    @Test(arguments: [
        ("envVars: [NONE]", "the environment has no variable \"NONE\", or it is empty"),
        ("envVars: [EMPTY]", "the environment has no variable \"EMPTY\", or it is empty"),
        ("bindMounts: [/etc]", "a bind mount is HOST:CONTAINER or HOST:CONTAINER:OPTIONS, not \"/etc\""),
        (
            "bindMounts: [/etc:/x:ro:z]",
            "a bind mount is HOST:CONTAINER or HOST:CONTAINER:OPTIONS, not \"/etc:/x:ro:z\""
        ),
        ("bindMounts: [\"/etc:/x:rw,rshared\"]", "a bind mount has no option \"rshared\" in a sandbox"),
        (
            "bindMounts: [etc:/x]",
            "\"etc\" is no absolute path: Docker takes it for a volume's name, and here are no volumes"
        ),
        (
            "bindMounts: [/nope:/x]",
            "there is no \"/nope\": Docker would make a directory there, bake makes nothing on this machine"
        ),
        ("bindMounts: [/etc:x]", "\"x\" is no absolute path in the image"),
        ("bindMounts: [/etc:/x/..]", "nothing is mounted over the whole image"),
        ("bindMounts: [/etc:/x/../proc/1]", "nothing is mounted in /proc"),
        ("bindMounts: [/etc:/x, /usr:/y/../x/]", "\"/x\" is mounted over twice"),
    ])
    func refusesToLend(options: String, expected: String) throws {
        let context = SpecContext(lender: ["EMPTY": ""])
        let text = "containerRunOptions: {\(options)}\n\(Self.head)metadataTest: {user: web}"
        let faults = #expect(throws: SourceFaults.self) { try Spec(parsing: text, name: "cst.yaml", with: context) }
        #expect(faults?.faults.map(\.message) == [expected] && faults?.faults.first?.line == 1)
    }

    /// The real one takes them, and they ask for nothing.
    @Test(arguments: [
        "", "{}", "null", "{user: , privileged: , allocateTty: , envVars: , envFile: , capabilities: , bindMounts: }",
        "{user: '', privileged: false, allocateTty: false, envVars: [], envFile: '', capabilities: [], bindMounts: []}",
        "{capabilities: [CHOWN, cap_net_bind_service]}",
    ])
    func takesWhatAsksForNothing(options: String) throws {
        let spec = try Spec(
            parsing: "\(Self.head)metadataTest: {user: web}\ncontainerRunOptions: \(options)\n", name: "cst.yaml")
        guard case .structure(let file) = spec.parts[0] else {
            Issue.record("taken for goss's")
            return
        }
        #expect(file.options == StructureRunOptions() && spec.warnings.isEmpty && spec.lent.isEmpty)
    }

    @Test func tellsWhichCapabilitiesAreNotGiven() throws {
        let text = "\(Self.head)metadataTest: {user: web}\ncontainerRunOptions: {capabilities: [KILL, SYS_ADMIN, all]}"
        let warnings = try Spec(parsing: text, name: "cst.yaml").warnings
        #expect(warnings.map(\.position.column) == [44, 55])
        #expect(warnings.first?.message.hasPrefix("\"SYS_ADMIN\" is not given") == true)
    }

    /// What is lent is part of the spec: with another value it is another one. Nobody can write into a commit what stands
    /// for the word of whoever tests.
    @Test func whatIsLentIsKept() throws {
        let text = "\(Self.head)metadataTest: {user: web}\ncontainerRunOptions: {envVars: [TOKEN]}"
        let specs = try ["a", "b"].map {
            try Spec(parsing: text, name: "cst.yaml", with: SpecContext(lender: ["TOKEN": $0]))
        }
        #expect(specs[0].digest != specs[1].digest && specs[0].lent == ["the variable TOKEN of the environment"])
        let kept = try Spec(parsing: specs[0].document.text, name: "cst.yaml")
        #expect(kept.digest == specs[0].digest && kept.lent.isEmpty)
        let mounting = specs[0].document.text.replacingOccurrences(
            of: "envVars: [TOKEN]", with: "envVars: [TOKEN], bindMounts: [/etc:/x]")
        #expect(throws: SourceFaults.self) { try Spec(parsing: mounting, name: "cst.yaml") }
    }

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
