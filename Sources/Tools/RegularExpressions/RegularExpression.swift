import BakeModel
import CRE2

/// A compiled regular expression in RE2's syntax: no look-around, no back-references, time linear in the text.
public final class RegularExpression {
    private let expression: OpaquePointer
    /// What one expression may use, as a program and while it runs.
    private static let memoryLimit: Int64 = 8 << 20

    /// Why text is no expression, as RE2 says it.
    public struct Fault: ExplainedError, Hashable {
        public let pattern: String
        public let reason: String
        public var doing: String { "compile the regular expression" }
        public var subject: String { pattern }
        public var hint: String? { "the syntax is RE2's: https://github.com/google/re2/wiki/Syntax" }
        public var exit: ExitCode { .usage }
    }

    /// Compiles a pattern.
    public init(_ pattern: String) throws(Fault) {
        var error = [CChar](repeating: 0, count: 256)
        let bytes = Array(pattern.utf8)
        let compiled = cre2_compile(bytes, Int64(bytes.count), Self.memoryLimit, &error, Int64(error.count))
        guard let compiled else {
            let reason = String(decoding: error.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            throw Fault(pattern: pattern, reason: reason)
        }
        expression = compiled
    }

    deinit { cre2_free(expression) }

    /// Whether it matches anywhere in the text. As in Go a byte that is no UTF-8 counts as a letter, U+FFFD.
    public func matches(_ text: some Collection<UInt8>) -> Bool {
        let direct = text.withContiguousStorageIfAvailable { matches(bytes: UnsafeRawBufferPointer($0)) }
        return direct ?? Array(text).withUnsafeBytes { matches(bytes: $0) }
    }

    /// The text with a letter for each byte that is no UTF-8; nil where there are none.
    private static func repaired(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        guard bytes.contains(where: { $0 > 0x7f }), String(validating: bytes, as: UTF8.self) == nil else { return nil }
        var result: [UInt8] = []
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let scalar): result += scalar
            case .error(let length): for _ in 0..<length { result += [0xef, 0xbf, 0xbd] }
            case .emptyInput: return result
            }
        }
    }

    /// A match and its groups.
    public struct Found {
        /// Where it stands, in bytes.
        public let range: Range<Int>
        /// The whole match, then its groups; empty for one that took no part.
        public let texts: [String]
    }

    /// The number of a named group; nil where there is none.
    public func group(named name: String) -> Int? {
        let number = cre2_group(expression, Array(name.utf8), Int64(name.utf8.count))
        return number == 0 ? nil : Int(number)
    }

    /// The first match at or after an offset in bytes.
    public func first(in bytes: [UInt8], from start: Int = 0) -> Found? {
        let count = Int(cre2_groups(expression)) + 1
        var bounds = [Int64](repeating: -1, count: 2 * count)
        let found = bytes.withUnsafeBytes {
            cre2_find(expression, $0.baseAddress, Int64(bytes.count), Int64(start), &bounds, Int64(count))
        }
        guard found == 1 else { return nil }
        let ranges = (0..<count).map { Int(max(0, bounds[2 * $0]))..<Int(max(0, bounds[2 * $0 + 1])) }
        return Found(range: ranges[0], texts: ranges.map { String(decoding: bytes[$0], as: UTF8.self) })
    }

    /// All matches that do not overlap; an empty one stands not right behind another. regexp.FindAll.
    public func all(in bytes: [UInt8]) -> [Found] {
        var (all, start, end) = ([Found](), 0, -1)
        while start <= bytes.count, let found = first(in: bytes, from: start) {
            let isEmpty = found.range.isEmpty
            if !isEmpty || found.range.lowerBound != end { all.append(found) }
            end = found.range.upperBound
            start = isEmpty ? Self.next(after: found.range.upperBound, in: bytes) : end
        }
        return all
    }

    /// The place behind the character at an offset.
    private static func next(after offset: Int, in bytes: [UInt8]) -> Int {
        var next = offset + 1
        while next < bytes.count, bytes[next] & 0xc0 == 0x80 { next += 1 }
        return next
    }

    private func matches(bytes: UnsafeRawBufferPointer) -> Bool {
        if let repaired = Self.repaired(bytes) { return cre2_matches(expression, repaired, Int64(repaired.count)) == 1 }
        return cre2_matches(expression, bytes.baseAddress, Int64(bytes.count)) == 1
    }
}
