/// How two texts differ, line by line, in the form of `diff -u` (POSIX, "Diff -u Output Format").
public struct TextDifference: Hashable, Sendable {
    /// How many lines were put in.
    public let added: Int
    /// How many lines were taken away.
    public let removed: Int
    /// The hunks with three lines around each change, without the two lines that name the files. Bytes, as files have them.
    public let hunks: [[UInt8]]

    /// Longer texts are not compared line by line. 1 MiB.
    public static let longestText = 1 << 20
    /// Texts of more lines are not compared line by line.
    public static let mostLines = 50_000
    private static let context = 3

    /// Compares two texts; nil where one is binary, too long or has too many lines.
    public init?(from old: [UInt8], to new: [UInt8]) {
        guard [old, new].allSatisfy({ $0.count <= Self.longestText && !$0.contains(0) }) else { return nil }
        let before = Self.lines(old)
        let after = Self.lines(new)
        guard max(before.count, after.count) <= Self.mostLines else { return nil }
        let steps = LineScript(from: before, to: after).steps
        added = steps.count { if case .added = $0 { true } else { false } }
        removed = steps.count { if case .removed = $0 { true } else { false } }
        hunks = Self.ranges(steps).flatMap { Self.hunk(steps, $0, before, after) }
    }

    /// The lines with their ends, of which the last may have none.
    static func lines(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var rest = text[...]
        while let end = rest.firstIndex(of: 0x0a) {
            lines.append(rest[...end])
            rest = rest[(end + 1)...]
        }
        return rest.isEmpty ? lines : lines + [rest]
    }

    /// Which steps belong to one hunk: changes with no more than twice the context between them.
    private static func ranges(_ steps: [LineScript.Step]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        for (number, step) in steps.enumerated() {
            if case .kept = step { continue }
            let range = max(0, number - context)..<min(steps.count, number + context + 1)
            if let last = ranges.last, last.upperBound >= range.lowerBound {
                ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
            } else {
                ranges.append(range)
            }
        }
        return ranges
    }

    private static func hunk(
        _ steps: [LineScript.Step], _ range: Range<Int>, _ before: [ArraySlice<UInt8>], _ after: [ArraySlice<UInt8>]
    ) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var old = 0
        var new = 0
        for step in steps[range] {
            switch step {
            case .kept(let line, _):
                lines += shown(" ", before[line])
                old += 1
                new += 1
            case .removed(let line):
                lines += shown("-", before[line])
                old += 1
            case .added(let line):
                lines += shown("+", after[line])
                new += 1
            }
        }
        // Before a hunk's first line everything is kept, or there is nothing.
        var first = (old: 0, new: 0)
        if case .kept(let oldLine, let newLine) = steps[range.lowerBound] { first = (oldLine, newLine) }
        return [Array("@@ -\(span(first.old, old)) +\(span(first.new, new)) @@".utf8)] + lines
    }

    /// `START,COUNT`, where an empty range starts at the line before it.
    private static func span(_ skipped: Int, _ count: Int) -> String {
        count == 1 ? "\(skipped + 1)" : "\(count == 0 ? skipped : skipped + 1),\(count)"
    }

    private static func shown(_ mark: Character, _ line: ArraySlice<UInt8>) -> [[UInt8]] {
        let start = Array(String(mark).utf8)
        guard line.last == 0x0a else { return [start + line, Array("\\ No newline at end of file".utf8)] }
        return [start + line.dropLast()]
    }
}
