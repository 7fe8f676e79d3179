import BakeModel
import Testing
import YAMLDocument

@Suite struct YAMLDocumentTests {
    @Test("every value knows where it stands, in lines and Unicode scalars from 1")
    func positions() throws {
        let document = try parse("# Ä\nname: \"é\"\n日本:\n  - 1\n  - {x: y}\n")
        let root = try #require(document.mapping)
        #expect(root["name"]?.position == SourcePosition(line: 2, column: 7))
        guard case .sequence(let list) = root["日本"] else { throw Missing() }
        #expect(list.items.map(\.position) == [SourcePosition(line: 4, column: 5), SourcePosition(line: 5, column: 5)])
        guard case .mapping(let inner) = list.items[1] else { throw Missing() }
        #expect(inner["x"]?.position == SourcePosition(line: 5, column: 9))
    }

    @Test("lines end where libyaml ends them, so a fault after any line end shows its own line")
    func lineEnds() {
        for end in ["\n", "\r", "\r\n", "\u{85}", "\u{2028}", "\u{2029}"] {
            let faults = faults("a: 1\(end)b: 2\(end)a: 3\(end)")
            #expect(faults.map(\.position) == [SourcePosition(line: 3, column: 1)])
            #expect(faults.map(\.text) == ["a: 3"])
        }
    }

    @Test("a value that is not there has the place of its key")
    func absentValue() throws {
        let document = try parse("a:\n\n\nb: 1\n")
        #expect(document.mapping?["a"]?.position == .start)
    }

    @Test("what bake does not take from YAML is a fault, and the rest is read on")
    func refusals() {
        let text = """
            a: &x [1]
            b: *x
            c: !!str 1
            <<: {d: 1}
            ? [e]
            : 1
            a: 2
            """
        #expect(
            faults(text).map { "\($0.line):\($0.column) \($0.message)" } == [
                "1:4 anchors are not in this version: &x", "2:4 aliases are not in this version: *x",
                "3:4 types are not in this version: tag:yaml.org,2002:str", "4:1 merge keys are not in this version",
                "5:3 a key is text, not a list", "7:1 the key \"a\" stands twice, first in line 1",
            ])
    }

    @Test("keys are bytes: two spellings of é are two keys")
    func normalization() throws {
        let mapping = try #require(try parse("\u{e9}: 1\ne\u{301}: 2\n").mapping)
        #expect(mapping.members.count == 2)
        #expect(mapping["e\u{301}"]?.position == SourcePosition(line: 2, column: 5))
    }

    @Test(
        "what is no YAML text: one fault, at its place",
        arguments: [
            ("a: [1", "1:6"), ("a: [1\n\n\n", "4:1"), ("a: b: c", "1:5"), ("a:\n\t- b", "2:1"), ("a: *.c", "1:4"),
            ("- **/x", "1:3"),
            ("a: \u{7}", "1:4"), ("a: \"\\0\"", "1:4"), ("a\n---\nb", "2:1"), ("%YAML 9.9\n---\na", "1:1"),
            ("a: 'x", "1:6"), ("a: \"\\ud800\"", "1:7"), ("@a", "1:1"),
        ])
    func broken(text: String, place: String) {
        #expect(faults(text).map { "\($0.line):\($0.column)" } == [place])
    }

    @Test("bytes that are no UTF-8 are refused where they stand")
    func notUnicode() {
        for bad: [UInt8] in [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0xaf]] {
            let faults = faults(Array("a: 1\né: ".utf8) + bad)
            #expect(faults.map(\.position) == [SourcePosition(line: 2, column: 4)])
        }
        #expect(faults([0xff, 0xfe, 0x61, 0x00]).count == 1, "UTF-16 is no UTF-8")
    }

    @Test("limits hold before anything is built: bytes, depth, values")
    func limits() {
        #expect(faults([UInt8](repeating: 0x20, count: 1 << 20 + 1)).map(\.line) == [1])
        let deep = String(repeating: "[", count: 33) + String(repeating: "]", count: 33)
        #expect(faults(deep).map(\.position) == [SourcePosition(line: 1, column: 33)])
        #expect(faults(String(deep.dropFirst().dropLast())).isEmpty)
        #expect(faults(String(repeating: "- a\n", count: 100_000)).map(\.line) == [100_000])
        #expect(faults(String(repeating: "[", count: 1 << 20)).count == 1)
        #expect(faults(String(repeating: "a: b\n", count: 200_000)).count <= 101, "faults are counted too")
    }

    @Test("directives are few: libyaml's time for them grows with their square")
    func directives() {
        let tags = (0..<60_000).map { "%TAG !a\($0)! x\n" }
        #expect(faults(tags.prefix(16).joined() + "---\na\n").isEmpty)
        #expect(faults(tags.joined() + "---\na\n").map(\.position) == [SourcePosition(line: 17, column: 1)])
    }

    @Test("aliases are never followed, so what doubles forty times costs nothing")
    func bomb() {
        var text = "a0: &a0 [x]\n"
        for level in 1...40 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        text += "? *a40\n: 1\n*a40 : 2\n"
        let start = ContinuousClock.now
        #expect(faults(text).count == 100)
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test("text that a fault shows cannot drive a terminal")
    func escapes() {
        let report = faults("a: 1\n\"\\e[31m\u{202e}\": 1\n\"\\e[31m\u{202e}\": 1\n").first?.report
        #expect(report?.contains("\u{1b}") == false)
        #expect(report?.contains("\u{202e}") == false)
        #expect(report?.contains("\\u{202e}") == true)
    }

    @Test("any prefix of a document and any byte changed is read or refused, never a crash")
    func mutations() {
        let text = Array(
            "a: &x [1, \"b\\u00e9\", 'c']\nd: |\n  e\n  f\n? {g: *x}\n: >-\n  h\n!!t i: ~\n--- \n...\n".utf8)
        for end in text.indices { _ = YAMLDocument.examine(Array(text[..<end]), file: "x") }
        for index in text.indices {
            for byte: UInt8 in [0, 9, 10, 0x21, 0x22, 0x26, 0x27, 0x2a, 0x3a, 0x5b, 0x7b, 0x80, 0xff] {
                var changed = text
                changed[index] = byte
                _ = YAMLDocument.examine(changed, file: "x")
            }
        }
    }

    private struct Missing: Error {}

    private func parse(_ text: String) throws(SourceFaults) -> YAMLDocument {
        try YAMLDocument(parsing: Array(text.utf8), file: "x.yaml")
    }

    private func faults(_ text: String) -> [SourceFault] { faults(Array(text.utf8)) }

    private func faults(_ bytes: [UInt8]) -> [SourceFault] { YAMLDocument.examine(bytes, file: "x.yaml").faults }
}

extension YAMLDocument {
    fileprivate var mapping: YAMLMapping? {
        if case .mapping(let mapping) = root { mapping } else { nil }
    }
}
