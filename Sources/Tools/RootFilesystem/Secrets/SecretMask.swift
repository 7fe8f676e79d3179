/// Replaces secrets in what a command prints by their names, piece by piece.
struct SecretMask {
    /// The patterns by their first byte, the longest first: one may begin as another does.
    private let patterns: [UInt8: [MaskedPattern]]
    private var held: [UInt8] = []
    /// How many digits of base64 were passed on last, right before what is held.
    private var digitsBefore = 0

    /// - Parameter secrets: of one with several lines every line is replaced by itself, whatever is in it, for they are
    ///   printed so.
    init(_ secrets: [SandboxSecret]) {
        let known = SecretPatterns(secrets)
        let lines = secrets.flatMap { secret in
            SecretParts.lines(of: secret.core).filter { $0.count >= SandboxSecret.leastBytes }
                .map { MaskedPattern(name: secret.name, bytes: Array($0), isBase64: false) }
        }
        let all =
            lines + known.plain.map { MaskedPattern(name: $0.name, bytes: $0.bytes, isBase64: false) }
            + known.encoded.map { MaskedPattern(name: $0.name, bytes: $0.bytes, isBase64: true) }
        patterns = Dictionary(grouping: all) { $0.bytes[0] }.mapValues { $0.sorted { $0.bytes.count > $1.bytes.count } }
    }

    /// Takes the next bytes, and gives those that can be passed on: what may be the beginning of a secret is held back.
    mutating func mask(_ piece: some Collection<UInt8>) -> [UInt8] {
        guard !patterns.isEmpty else { return Array(piece) }
        held += piece
        return pass(isEnd: false)
    }

    /// What was held back, at the end.
    mutating func finish() -> [UInt8] { pass(isEnd: true) }

    private mutating func pass(isEnd: Bool) -> [UInt8] {
        var passed: [UInt8] = []
        var place = 0
        scan: while place < held.count {
            for pattern in patterns[held[place]] ?? [] {
                switch pattern.match(in: held, at: place, after: digitsBefore) {
                case .none: continue
                case .begun: if isEnd { continue } else { break scan }
                case .whole(let end):
                    passed += "[secret \(pattern.name)]".utf8
                    place = end
                    continue scan
                }
            }
            passed.append(held[place])
            place += 1
        }
        let digits = Base64Digits.count(before: place, in: held)
        digitsBefore = digits == place ? digitsBefore + digits : digits
        held.removeFirst(place)
        return passed
    }
}

/// A pattern, and how it stands in a text.
private struct MaskedPattern {
    enum Match {
        case none
        /// The text ends before the pattern does.
        case begun
        case whole(end: Int)
    }

    let name: String
    let bytes: [UInt8]
    let isBase64: Bool

    /// - Parameter digits: how many digits of base64 came before the text.
    func match(in text: [UInt8], at start: Int, after digits: Int) -> Match {
        var place = start
        for byte in bytes {
            if isBase64, place < text.count, Base64Digits.isSpace(text[place]) {
                guard Base64Digits.isWrapped(text, at: place, after: digits) else { return .none }
                while place < text.count, Base64Digits.isSpace(text[place]) { place += 1 }
            }
            guard place < text.count else { return .begun }
            guard text[place] == byte else { return .none }
            place += 1
        }
        return .whole(end: place)
    }
}

/// Base64 in lines.
private enum Base64Digits {
    /// Encoders wrap at 64 or 76 digits. Without a bound the end of every line would be held back, for most letters begin
    /// some pattern.
    private static let leastInLine = 32

    /// Whether a line that ends here may be one of several.
    static func isWrapped(_ text: [UInt8], at end: Int, after digits: Int) -> Bool {
        let count = count(before: end, in: text)
        return (count == end ? count + digits : count) >= leastInLine
    }

    static func count(before end: Int, in text: [UInt8]) -> Int {
        text[..<end].reversed().prefix { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || "+/-_".utf8.contains(byte)
        }.count
    }

    static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0a, 0x0d].contains(byte) }
}
