import Testing

@testable import SpecRun

/// What container-structure-test 1.19.1 gave to `env` in a container for the same files.
@Suite struct EnvironmentFileTests {
    @Test(arguments: [
        ("A=1", "1"), ("export A=1", "1"), ("A = two words # not this", "two words"), ("A: yaml", "yaml"),
        ("A=a#b", "a#b"), ("A=a # b # c", "a # b"), ("# A=0\n\n  A=1\r\nB=2", "1"), ("A=1\nA=2", "2"),
        ("A='single $B \\n' # x", "single $B \\n"), ("B=b\nA=\"x \\n y $B ${B} \\$B\"", "x \n y b b $B"),
        ("A=\"two\nlines\"", "two\nlines"), ("A=\"a\\tb\"", "atb"), ("B=1\nA=$B-x", "1-x"), ("A=$OUT$NONE.", "out."),
        ("A=\\$B", "$B"), ("A=$", "$"), ("A=$small", "$small"), ("A=", nil), ("A=\"\"", nil), ("A", nil),
        ("---\nA=1", "1"), ("exported=1\nA=2", "2"),
    ])
    func reads(text: String, expected: String?) throws {
        #expect(try EnvironmentFile(parsing: text, known: ["OUT": "out"]).variables["A"] == expected)
    }

    @Test(arguments: [
        ("G\nA=1", "the end of its line follows the name \"G\""), ("A-B=1", "\"-\" follows the name \"A\""),
        ("A='x\nB=1", "a quote is not closed: 'x"),
    ])
    func refuses(text: String, reason: String) {
        #expect(throws: EnvironmentFile.Fault(reason: reason)) { try EnvironmentFile(parsing: text, known: [:]) }
    }
}
