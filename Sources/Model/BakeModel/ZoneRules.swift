/// How far a place's clocks are from UTC, at any time: a file of `/usr/share/zoneinfo` (RFC 8536, TZif).
public struct ZoneRules: Hashable, Sendable {
    private let transitions: [Int64]
    private let kinds: [UInt8]
    private let offsets: [Int64]
    /// What holds behind the last transition; nil where the last offset does.
    private let rest: YearlyRule?

    /// Reads a file; nil where it is none, or of version 1.
    public init?(_ bytes: [UInt8]) {
        var first = Reader(bytes[...])
        guard let old = first.header(), first.skip(old.length(timeSize: 4)) else { return nil }
        var reader = first
        guard let counts = reader.header(), counts.types > 0,
            let transitions = reader.integers(counts.times, size: 8), let kinds = reader.bytes(counts.times),
            let types = reader.bytes(counts.types * 6),
            reader.skip(counts.length(timeSize: 8) - counts.times * 9 - counts.types * 6),
            kinds.allSatisfy({ Int($0) < counts.types })
        else { return nil }
        self.transitions = transitions
        self.kinds = kinds
        offsets = (0..<counts.types).map { Reader.integer(types[($0 * 6)..<($0 * 6 + 4)]) }
        let footer = String(decoding: reader.rest, as: UTF8.self).split(separator: "\n").first
        rest = footer.flatMap { YearlyRule(String($0)) }
    }

    /// How many seconds local clocks are ahead of UTC at a moment.
    public func offset(at time: Timestamp) -> Int64 {
        let seconds = time.seconds
        guard let last = transitions.last, seconds < last else {
            return rest?.offset(at: seconds) ?? kinds.last.map { offsets[Int($0)] } ?? offsets[0]
        }
        // The first transition that is still to come.
        var (low, high) = (0, transitions.count)
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle] <= seconds { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? offsets[0] : offsets[Int(kinds[low - 1])]
    }
}

extension ZoneRules {
    private struct Counts {
        let fields: [Int]
        var times: Int { fields[3] }
        var types: Int { fields[4] }

        /// The bytes of the data block behind a header.
        func length(timeSize: Int) -> Int {
            times * (timeSize + 1) + types * 6 + fields[5] + fields[2] * (timeSize + 4) + fields[1] + fields[0]
        }
    }

    /// Takes numbers out of the file, never beyond its end.
    private struct Reader {
        private(set) var rest: ArraySlice<UInt8>
        private static let most: Int64 = 10_000

        init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

        mutating func header() -> Counts? {
            guard let start = bytes(20), Array(start[..<4]) == Array("TZif".utf8), start[4] >= UInt8(ascii: "2"),
                let fields = integers(6, size: 4), fields.allSatisfy({ (0...Self.most).contains($0) })
            else { return nil }
            return Counts(fields: fields.map { Int($0) })
        }

        mutating func skip(_ count: Int) -> Bool { bytes(count) != nil }

        mutating func bytes(_ count: Int) -> [UInt8]? {
            guard count >= 0, rest.count >= count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }

        mutating func integers(_ count: Int, size: Int) -> [Int64]? {
            guard let bytes = bytes(count * size) else { return nil }
            return (0..<count).map { Self.integer(bytes[($0 * size)..<(($0 + 1) * size)]) }
        }

        /// A big-endian integer with a sign.
        static func integer(_ bytes: ArraySlice<UInt8>) -> Int64 {
            let start: Int64 = (bytes.first ?? 0) >= 0x80 ? -1 : 0
            return bytes.reduce(start) { $0 << 8 | Int64($1) }
        }
    }
}
