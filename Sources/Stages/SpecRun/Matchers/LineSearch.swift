import Glibc
import RegularExpressions

/// Looks for patterns in text, line by line, as goss's `have-patterns` does.
struct LineSearch {
    private var open: [(pattern: LinePattern, accepts: (ArraySlice<UInt8>) -> Bool)] = []
    private let patterns: [LinePattern]
    /// The longest line that is searched, in bytes.
    static let longestLine = 1 << 20

    /// A line longer than the limit.
    struct LineTooLong: Error {}

    /// Compiles the patterns.
    init(_ patterns: [LinePattern]) throws(RegularExpression.Fault) {
        self.patterns = patterns
        for pattern in patterns { open.append((pattern, try Self.test(pattern))) }
    }

    /// The patterns that the text does not satisfy, in their order.
    mutating func unsatisfied(in text: [UInt8]) throws(LineTooLong) -> [LinePattern] {
        var found: [String: Int] = [:]
        var rest = text[...]
        while !rest.isEmpty, !open.isEmpty {
            let line = rest.prefix(Self.lineLength(in: rest))
            rest = rest.dropFirst(line.count + 1)
            let bare = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            guard bare.count < Self.longestLine else { throw LineTooLong() }
            take(bare, into: &found)
        }
        for (pattern, _) in open where pattern.acceptsNothing { found[pattern.text, default: 0] += 1 }
        return patterns.filter { found[$0.text] == nil }
    }

    /// A pattern that matched is searched no more; a negated one that matched is thereby lost.
    private mutating func take(_ line: ArraySlice<UInt8>, into found: inout [String: Int]) {
        open.removeAll { pattern, accepts in
            guard accepts(line) else { return false }
            if !pattern.isNegated { found[pattern.text, default: 0] += 1 }
            return true
        }
    }

    /// How many bytes come before the next line feed, or the end; text that ends in one has no empty line after it.
    private static func lineLength(in text: ArraySlice<UInt8>) -> Int {
        text.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress, let end = memchr(start, 0x0a, bytes.count) else { return bytes.count }
            return UnsafeRawPointer(end) - start
        }
    }

    private static func test(_ pattern: LinePattern) throws(RegularExpression.Fault) -> (ArraySlice<UInt8>) -> Bool {
        switch pattern.search {
        case .substring(let bytes):
            return { $0.containsSequence(bytes) }
        case .expression(let text):
            let expression = try RegularExpression(text)
            return { expression.matches($0) }
        }
    }
}
