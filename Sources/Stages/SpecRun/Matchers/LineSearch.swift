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
        for line in Self.lines(of: text) {
            if open.isEmpty { break }
            guard line.count < Self.longestLine else { throw LineTooLong() }
            take(line, into: &found)
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

    /// The lines without their ends; text that ends in a line feed has no empty line after it.
    private static func lines(of text: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }
    }

    private static func test(_ pattern: LinePattern) throws(RegularExpression.Fault) -> (ArraySlice<UInt8>) -> Bool {
        switch pattern.search {
        case .substring(let bytes):
            let search = SubstringSearch(bytes)
            return { search.found(in: $0) }
        case .expression(let text):
            let expression = try RegularExpression(text)
            return { expression.matches($0) }
        }
    }
}
