import BakeModel
import Foundation
import Testing

@testable import SpecRun

/// Specs of several files, with variables.
@Suite struct SpecLoadingTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func context(_ variables: String = "{}") throws -> SpecContext {
        SpecContext(
            variables: try SpecVariables(parsing: Array(variables.utf8), name: "vars"),
            files: MachineSpecFiles(relativeTo: directory.path))
    }

    private func spec(_ text: String, _ variables: String = "{}") throws -> SpecFile {
        try SpecFile(parsing: text, name: "goss.yaml", with: try context(variables))
    }

    private func faults(_ text: String, _ variables: String = "{}") -> [String] {
        do {
            _ = try spec(text, variables)
            return []
        } catch let faults as SourceFaults {
            return faults.faults.map { "\($0.file):\($0.line):\($0.column) \($0.message)" }
        } catch {
            return [String(describing: error)]
        }
    }

    @Test func includesByGlob() throws {
        try directory.write("parts/b.yaml", "user: {b: {exists: true}}\n")
        try directory.write("parts/a.yaml", "user: {a: {exists: true}}\ngossfile: {more/c.yaml: {}}\n")
        try directory.write("parts/more/c.yaml", "group: {c: {exists: {{.Vars.on}}}}\n")
        try directory.write("skipped.yaml", "nonsense: 1\n")
        let spec = try spec(
            """
            file: {/x: {exists: true}}
            gossfile:
              skipped.yaml: {skip: true}
              named: {file: "parts/*.yaml"}
            """, "on: true")
        // The file itself, then what it includes, each with what it includes in turn.
        #expect(spec.resources.map(\.id) == ["/x", "a", "c", "b"])
        #expect(spec.documents.map(\.name) == ["goss.yaml", "parts/a.yaml", "parts/more/c.yaml", "parts/b.yaml"])
    }

    /// What looks like a pattern in the names of directories is none.
    @Test func includesBesidesOddNames() throws {
        try directory.write("a[1]*/sub[x]/more/b?.yaml", "user: {b: {exists: true}}\n")
        let files = MachineSpecFiles(relativeTo: "\(directory.path)/a[1]*")
        for include in ["more/*.yaml", "more/b?.yaml"] {
            let spec = try SpecFile(
                parsing: "gossfile: {\"\(include)\": {}}", name: "sub[x]/goss.yaml", with: SpecContext(files: files))
            #expect(spec.documents.map(\.name) == ["sub[x]/goss.yaml", "sub[x]/more/b?.yaml"])
        }
    }

    /// goss puts maps together: what is read later counts.
    @Test func letsTheLaterFileCount() throws {
        try directory.write("other.yaml", "user: {a: {exists: false}}\n")
        let spec = try spec("user: {a: {exists: true}, b: {exists: true}}\ngossfile: {other.yaml: {}}\n")
        #expect(spec.resources.map(\.id) == ["a", "b"])
        #expect(spec.resources[0].expectations[0].matcher == .bool(false))
    }

    @Test func tellsWhatIsWrongInEveryFile() throws {
        try directory.write("other.yaml", "user:\n  a: {exist: true}\n")
        let text = "file:\n  /x: {exists: true, mod: a}\ngossfile:\n  other.yaml: {}\n  nope.yaml: {}\n"
        #expect(
            faults(text).sorted() == [
                "goss.yaml:2:22 a file has no key \"mod\"", "goss.yaml:5:3 there is no file \"nope.yaml\"",
                "other.yaml:2:7 a user has no key \"exist\"",
            ])
    }

    @Test func endsLoops() throws {
        try directory.write("a.yaml", "gossfile: {a.yaml: {}}\n")
        #expect(faults("gossfile: {a.yaml: {}}\n").contains { $0.contains("include each other deeper than 50") })
    }

    /// A fault in what a template became stands where the template made it.
    @Test func tellsFaultsAtTheTemplate() throws {
        let text = "{{range .Vars.users}}user_{{.}}: 1\n{{end}}file:\n  /x: {exists: true, mod: {{.Vars.mode}}}\n"
        #expect(
            faults(text, "{users: [a], mode: 1}") == [
                "goss.yaml:1:22 a spec has no key \"user_a\" (filled in: user_a: 1)",
                "goss.yaml:3:22 a file has no key \"mod\" (filled in:   /x: {exists: true, mod: 1})",
            ])
    }

    @Test func mergesVariables() throws {
        let first = try SpecVariables(parsing: Array("a: {x: 1, y: 2}\nb: 1\n".utf8), name: "1.yaml")
        let second = try SpecVariables(parsing: Array("{\"a\": {\"y\": 3}, \"c\": 4}".utf8), name: "2.json")
        #expect(first.merged(with: second).members["a"] == .map(["x": .integer(1), "y": .integer(3)]))
        #expect(first.replacing(with: second).members["a"] == .map(["y": .integer(3)]))
        #expect(first.merged(with: second).members["b"] == .integer(1))
        #expect(throws: SourceFaults.self) { try SpecVariables(parsing: Array("[1]".utf8), name: "x") }
    }

    /// What is kept and read again asks the same, also where values look like templates.
    @Test func survivesBeingKept() throws {
        try directory.write("other.yaml", "user: {a: {exists: true}}\n")
        let text = "file: {/x: {exists: true, contents: [\"{{.Vars.mark}}\"]}}\ngossfile: {other.yaml: {}}\n"
        let spec = Spec([.goss(try spec(text, "mark: \"{{ no template }}\""))])
        let again = try Spec(parsing: spec.document.text, name: spec.name)
        guard case .goss(let one) = spec.parts[0], case .goss(let other) = again.parts[0] else {
            Issue.record("\(again.parts)")
            return
        }
        #expect(one.resources == other.resources)
        #expect(spec.digest == again.digest)
    }

    @Test func changesItsDigestWithItsVariables() throws {
        let text = "user: {{\"{\"}}{{.Vars.name}}: {exists: true}}\n"
        #expect(try spec(text, "name: a").digest != spec(text, "name: b").digest)
    }
}
