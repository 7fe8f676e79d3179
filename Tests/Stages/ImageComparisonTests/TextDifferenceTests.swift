import Foundation
import LinuxSystem
import Testing

@testable import ImageComparison

@Suite struct TextDifferenceTests {
    @Test(
        "patch(1) makes the new text of the old one and the hunks, which are as short as those of diff -u --minimal",
        arguments: [
            ("a\nb\nc\n", "a\nB\nc\n"), ("", "a\nb\n"), ("a\nb\n", ""), ("a\nb", "a\nb\n"), ("x\n", "x\ny"),
            ((1...60).map { "\($0)\n" }.joined(), (1...60).map { $0 % 17 == 0 ? "new \($0)\n" : "\($0)\n" }.joined()),
            ("c\na\nb\nb\na\n", "a\nb\nc\na\nb\nb\na\n"),
        ])
    func patches(old: String, new: String) throws {
        let directory = try Workbench()
        try directory.write("old", old)
        try directory.write("new", new)
        let difference = try #require(TextDifference(from: Array(old.utf8), to: Array(new.utf8)))
        let patch = ["--- old", "+++ new"] + difference.hunks.map { String(decoding: $0, as: UTF8.self) }
        try directory.write("patch", patch.joined(separator: "\n") + "\n")
        try directory.shell("cp old patched; patch -s patched patch")
        // patch(1) removes a file that became empty.
        #expect(try directory.shell("test -e patched || : > patched; cmp patched new") == "")
        let counts = try directory.shell("diff -u --minimal old new | tail -n +3 | cut -c1 | sort | uniq -c; true")
        #expect(counts.contains("\(difference.added) +") || difference.added == 0)
        #expect(counts.contains("\(difference.removed) -") || difference.removed == 0)
    }

    @Test("what holds a NUL byte is no text")
    func binary() {
        #expect(TextDifference(from: [0x61, 0], to: [0x62]) == nil)
    }

    @Test("texts with more changes than are looked for still become each other")
    func bounded() throws {
        let old = (0..<3000).map { "old \($0)\n" }.joined()
        let new = (0..<3000).map { "new \($0)\n" }.joined()
        let difference = try #require(TextDifference(from: Array(old.utf8), to: Array(new.utf8)))
        #expect(difference.removed == 3000 && difference.added == 3000)
    }
}
