import BakeModel
import Testing

@testable import SpecRun

/// Files with `boot:`, as they are read and kept.
@Suite struct BootSpecTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func spec(_ text: String) throws -> Spec {
        try Spec(
            parsing: text, name: "specs/together.yaml",
            with: SpecContext(
                variables: try SpecVariables(parsing: Array("port: 80".utf8), name: "vars"),
                files: MachineSpecFiles(relativeTo: directory.path)))
    }

    private func boot(_ spec: Spec) throws -> BootSpec {
        guard case .boot(let boot)? = spec.parts.first, spec.parts.count == 1 else { throw VerdictError() }
        return boot
    }

    @Test func readsImages() throws {
        try directory.write("specs/parts/web.yaml", "port: {\"{{.Vars.port}}\": {listening: true}}\n")
        try directory.write(
            "specs/structure.yaml",
            "schemaVersion: 2.0.0\nfileExistenceTests: [{name: a, path: /a, shouldExist: true}]\n")
        let spec = try spec(
            """
            boot:
              db:
              app:
                image: app:production
                cmd: exec app --port {{.Vars.port}}
                env: { MODE: test, LEVEL: 3 }
                user: nobody
                workdir: /srv
                ports: [8000, 53/udp]
                after: db
              web:
                image: sha256:\(String(repeating: "ab", count: 32))
                entrypoint: [web, -v]
                after: [app, db]
                spec:
                  - parts/web.yaml
                  - structure.yaml
                  - process: { web: { running: true } }
            """)
        let images = try boot(spec).images
        #expect(images.map(\.name) == ["db", "app", "web"])
        #expect(images.map(\.predecessors) == [[], ["db"], ["app", "db"]])
        #expect(spec.images == ["app:production", "sha256:" + String(repeating: "ab", count: 32)])
        #expect(
            images[1].settings
                == ImageConfiguration(
                    command: ["/bin/sh", "-c", "exec app --port 80"], environment: ["MODE=test", "LEVEL=3"],
                    ports: ["8000/tcp", "53/udp"], user: "nobody", workingDirectory: "/srv"))
        #expect(images[1].ports.map(\.id) == ["tcp://app:8000", "udp:53"])
        #expect(images[2].settings.entrypoint == ["web", "-v"])
        #expect(images[2].spec.gossFile.resources.map(\.id) == ["80", "web"])
        #expect(images[2].spec.parts.count == 3)
        // What is kept reads back as the same without any of the files.
        let kept = try Spec(parsing: spec.document.text, name: "spec.json")
        #expect(kept.digest == spec.digest)
        #expect(try boot(kept).images == images)
    }

    @Test(arguments: [
        ("boot: {}\n", "1:7 \"boot\" names no image"),
        ("boot: [a]\n", "1:7 \"boot\" is a map, not a list"),
        ("boot: { a: {} }\nport: {}\n", "2:1 a spec with \"boot\" has no key \"port\""),
        ("boot: { A: {} }\n", "1:9 \"A\" is no name of a host"),
        ("boot: { localhost: {} }\n", "1:9 \"localhost\" is no name of a host"),
        ("boot: { a: { imge: b } }\n", "1:14 a booted image has no key \"imge\""),
        ("boot: { a: { image: \"b:/x\" } }\n", "1:21 \"image\" is a whole image, not a path in one"),
        ("boot: { a: { image: [] } }\n", "1:21 \"image\" is text, not a list"),
        ("boot: { a: { after: b } }\n", "1:21 no image \"b\" is booted here"),
        ("boot: { a: { after: a } }\n", "1:9 they wait for each other: a after a"),
        ("boot:\n  a: { after: b }\n  b: { after: a }\n", "2:3 they wait for each other: a after b after a"),
        ("boot: { a: { ports: [0] } }\n", "1:22 \"0\" is no port"),
        ("boot: { a: { ports: 80 } }\n", "1:21 \"ports\" is a list, not \"80\""),
        ("boot: { a: { cmd: {} } }\n", "1:19 \"cmd\" is a list, not a map"),
        ("boot: { a: { env: { \"A=\": b } } }\n", "1:21 \"A=\" is no name of a variable"),
        ("boot: { a: { workdir: srv } }\n", "1:23 \"workdir\" is an absolute path, not \"srv\""),
        ("boot: { a: { spec: nope.yaml } }\n", "1:20 \"specs/nope.yaml\" cannot be read: No such file or directory"),
        ("boot: { a: { spec: again.yaml } }\n", "1:20 \"specs/again.yaml\" boots images itself"),
        ("boot:\n  a:\n    spec:\n      - file: { /x: { exits: true } }\n", "4:23 a file has no key \"exits\""),
        ("boot: { a: { spec: { port: {} } } }\n", "1:22 the spec checks nothing"),
        ("boot: { a: { cmd: \"{{.Vars.nope}}\" } }\n", "1:22 there is no \"nope\" here"),
    ])
    func tellsWhatIsWrong(_ text: String, _ expected: String) throws {
        try directory.write("specs/again.yaml", "boot: { a: { spec: again.yaml } }\n")
        let found = faults(text)
        #expect(found.contains { $0.hasPrefix("specs/together.yaml:\(expected)") }, "\(found)")
    }

    /// A fault of a file that it names is told with that file's place, and together with the others.
    @Test func tellsOfFiles() throws {
        try directory.write("specs/web.yaml", "file:\n  /x: { exists: [maybe }\n")
        try directory.write("specs/app.yaml", "file:\n  /x: { exists: true, mod: 1 }\n")
        let found = faults("boot: { a: { spec: [web.yaml, app.yaml], afte: b } }\n")
        for place in ["specs/web.yaml:2:", "specs/app.yaml:2:23 ", "specs/together.yaml:1:42 "] {
            #expect(found.contains { $0.hasPrefix(place) }, "\(place) in \(found)")
        }
    }

    /// What a later bake has kept is not dropped in silence.
    @Test(arguments: [
        #"{"schema":"bake/spec/1"}"#, #"{"schema":"bake/spec/1","parts":[]}"#,
        #"{"schema":"bake/spec/1","parts":[{"name":"a","text":"file: {/x: {exists: true}}"},{"fuzz":1}]}"#,
        #"{"schema":"bake/spec/1","parts":[{"documents":[]}]}"#,
        #"{"schema":"bake/spec/1","parts":[{"boot":[],"file":"a"}]}"#,
        #"{"schema":"bake/spec/1","parts":[{"boot":[{"name":"a"}],"file":"a"}]}"#,
    ])
    func refusesPartsThatItDoesNotKnow(text: String) {
        #expect(throws: SourceFaults.self) { try Spec(parsing: text, name: "kept") }
    }

    @Test func limitsHowMany() {
        let images = (0..<40).map { "  a\($0): {}\n" }.joined()
        #expect(faults("boot:\n\(images)").contains("specs/together.yaml:34:3 more than 32 images side by side"))
    }

    /// A path or a check that has the word in it is no such file.
    @Test func isMeantByItsTopAlone() throws {
        for text in ["file: { /boot: { exists: true } }", "command: { boot: { exit-status: 0 } }"] {
            #expect(!BootSpec.isMeant(by: text))
            #expect(try spec(text).images == [])
        }
        #expect(BootSpec.isMeant(by: "{\"boot\": {}}"))
        #expect(BootSpec.isMeant(by: "{{- if .Vars.x}}\nboot:\n  a: {}\n{{end}}"))
    }

    private func faults(_ text: String) -> [String] {
        do {
            _ = try spec(text)
            return []
        } catch let faults as SourceFaults {
            return faults.faults.map { "\($0.file):\($0.line):\($0.column) \($0.message)" }
        } catch {
            return [String(describing: error)]
        }
    }
}
