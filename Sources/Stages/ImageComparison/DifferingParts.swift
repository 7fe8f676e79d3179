/// What is left of two contents without the beginning and the end that they share.
struct DifferingParts {
    private let old: [UInt8]
    private let new: [UInt8]
    /// The differing parts, widened to whole words.
    private let words: [[UInt8]]

    /// Only the beginning of long parts is looked at.
    private static let longest = 1 << 20

    init(_ old: [UInt8], _ new: [UInt8]) {
        self.old = old
        self.new = new
        let front = zip(old, new).prefix { $0 == $1 }.count
        let back = zip(old[front...].reversed(), new[front...].reversed()).prefix { $0 == $1 }.count
        words = [old, new].map { Self.widened($0, front..<($0.count - back)) }
    }

    private static func widened(_ bytes: [UInt8], _ range: Range<Int>) -> [UInt8] {
        let isWord: (UInt8) -> Bool = { $0 > 0x20 && $0 < 0x7f && ![0x22, 0x27, 0x3d].contains($0) }
        let start = bytes[..<range.lowerBound].lastIndex { !isWord($0) }.map { $0 + 1 } ?? 0
        let end = bytes[range.upperBound...].firstIndex { !isWord($0) } ?? bytes.count
        return Array(bytes[start..<end].prefix(longest))
    }

    /// Whether both have the same lines.
    var isReordered: Bool {
        guard old != new, old.count == new.count else { return false }
        let sorted = [old, new].map { bytes in
            bytes.split(separator: 0x0a).map(Array.init).sorted { $0.lexicographicallyPrecedes($1) }
        }
        return sorted[0] == sorted[1] && sorted[0].count > 1
    }

    /// Whether a differing part holds one of these texts.
    func anyHolds(_ texts: [String]) -> Bool {
        texts.contains { text in !text.isEmpty && words.contains { String(decoding: $0, as: UTF8.self).contains(text) }
        }
    }

    /// Whether both are numbers within a day of these times, or look like dates or clocks.
    func areTimes(near seconds: [Int64]) -> Bool {
        words.allSatisfy { word in
            let text = String(decoding: word.prefix(100), as: UTF8.self)
            let numbers = text.split { !$0.isASCII || !$0.isNumber }.compactMap { Int64($0) }
            let isNear = numbers.contains { number in seconds.contains { abs(number / 2 - $0 / 2) < 43_200 } }
            return isNear || text.contains(/(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]|[0-2][0-9]:[0-5][0-9]/)
        }
    }

    /// Whether both name a language with a character set, `de_DE.UTF-8`.
    var areLocales: Bool {
        words.allSatisfy { word in
            String(decoding: word.prefix(64), as: UTF8.self).contains(/^(C|POSIX|[a-z]{2}_[A-Z]{2})(\.[A-Za-z0-9-]+)?$/)
        }
    }

    /// Whether both are of one length and have hexadecimal digits or bytes of every kind.
    var areRandom: Bool {
        guard words[0].count == words[1].count, words[0].count >= 8 else { return false }
        return words.allSatisfy { word in
            let isHex = word.allSatisfy { Self.isHexadecimal($0) || $0 == UInt8(ascii: "-") }
            let hasLetters = word.contains { $0 > UInt8(ascii: "9") }
            return isHex && hasLetters || Set(word).count >= min(word.count / 2, 48)
        }
    }

    /// Whether both are numbers that processes have.
    var areSmallNumbers: Bool {
        words.allSatisfy { word in
            let digits = word.split { !(0x30...0x39).contains($0) }
            return digits.contains { (2...7).contains($0.count) }
        }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) || (0x41...0x46).contains(byte)
    }
}
