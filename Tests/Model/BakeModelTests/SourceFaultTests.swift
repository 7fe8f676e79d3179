import BakeModel
import Testing

@Suite struct SourceFaultTests {
    @Test("the caret stands below the column, after wide letters, combining marks and tabs too")
    func caret() {
        #expect(report("日本: x", column: 5) == "f:1:5: m\n  日本: x\n        ^")
        #expect(report("e\u{301}: x", column: 5) == "f:1:5: m\n  e\u{301}: x\n     ^")
        #expect(report("\ta: x", column: 5) == "f:1:5: m\n   a: x\n      ^")
    }

    @Test("a column beyond the line stands at its end; an empty line is not shown")
    func ends() {
        #expect(report("ab", column: 9) == "f:1:9: m\n  ab\n    ^")
        #expect(report("", column: 1) == "f:1:1: m")
    }

    @Test("of a long line the part around the column is shown")
    func longLine() {
        let lines = report(String(repeating: "a", count: 500) + "b" + String(repeating: "c", count: 500), column: 501)
            .split(separator: "\n")
        #expect(lines[1] == "  …\(String(repeating: "a", count: 50))b\(String(repeating: "c", count: 49))…")
        #expect(lines[2] == String(repeating: " ", count: 53) + "^")
    }

    @Test("nothing from outside reaches the terminal as it is")
    func escapes() {
        let fault = SourceFault(
            file: "a\u{1b}[2J", position: .start, text: "\u{9b}31m", message: "\u{202e}", suggestion: "a\nb")
        #expect(fault.report == "a\\u{1b}[2J:1:1: \\u{202e}\n  \\u{9b}31m\n  ^\n  a\\u{a}b")
    }

    @Test("faults stand in the order of the file, those of one place in the order found")
    func order() throws {
        let faults = [(2, "c"), (1, "a"), (1, "b")].map { line, message in
            SourceFault(file: "f", position: SourcePosition(line: line, column: 1), text: "", message: message)
        }
        let error = try #require(SourceFaults(faults))
        #expect(error.faults.map(\.message) == ["a", "b", "c"])
        #expect(error.reason == "3 faults\nf:1:1: a\nf:1:1: b\nf:2:1: c")
        #expect(error.exit == .usage)
        #expect(SourceFaults([]) == nil)
    }

    private func report(_ text: String, column: Int) -> String {
        SourceFault(file: "f", position: SourcePosition(line: 1, column: column), text: text, message: "m").report
    }
}
