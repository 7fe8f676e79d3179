/// Matches one part of a path: `*`, `?`, `[a-z]`, `[!a-z]` and `\`, as fnmatch(3) has them, on bytes.
struct PartPattern: Sendable {
    private enum Token {
        case byte(UInt8)
        /// Any one character: a byte and the UTF-8 continuation bytes behind it.
        case one
        case many
        case oneOf([ClosedRange<UInt8>], negated: Bool)
    }

    private let tokens: [Token]

    /// Every byte stands for itself.
    init(literal bytes: [UInt8]) { tokens = bytes.map(Token.byte) }

    /// Reads wildcards; nil where a class does not end.
    init?(glob bytes: [UInt8]) {
        var tokens: [Token] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "*"): tokens.append(.many)
            case UInt8(ascii: "?"): tokens.append(.one)
            case UInt8(ascii: "\\"): tokens.append(.byte(rest.popFirst() ?? byte))
            case UInt8(ascii: "["):
                guard let token = Self.readClass(&rest) else { return nil }
                tokens.append(token)
            default: tokens.append(.byte(byte))
            }
        }
        self.tokens = tokens
    }

    /// Reads up to the `]`, which stands for itself in the first place.
    private static func readClass(_ rest: inout ArraySlice<UInt8>) -> Token? {
        let negated = rest.first == UInt8(ascii: "!") || rest.first == UInt8(ascii: "^")
        if negated { rest = rest.dropFirst() }
        var ranges: [ClosedRange<UInt8>] = []
        while let low = rest.popFirst() {
            if low == UInt8(ascii: "]"), !ranges.isEmpty { return .oneOf(ranges, negated: negated) }
            if rest.first == UInt8(ascii: "-"), let high = rest.dropFirst().first, high != UInt8(ascii: "]") {
                rest = rest.dropFirst(2)
                ranges.append(min(low, high)...max(low, high))
            } else {
                ranges.append(low...low)
            }
        }
        return nil
    }

    /// Whether the whole part matches. Only the last `*` is ever tried again, so the time is at most the product of both lengths.
    func matches(_ part: ArraySlice<UInt8>) -> Bool {
        var (token, index) = (0, part.startIndex)
        var retry: (token: Int, index: Int)?
        while index < part.endIndex {
            if token < tokens.count, case .many = tokens[token] {
                retry = (token + 1, index)
                token += 1
            } else if token < tokens.count, let next = Self.step(tokens[token], part, index) {
                (token, index) = (token + 1, next)
            } else if let again = retry {
                retry = (again.token, again.index + 1)
                (token, index) = (again.token, again.index + 1)
            } else {
                return false
            }
        }
        return tokens[token...].allSatisfy { if case .many = $0 { true } else { false } }
    }

    /// Where the part goes on after one token; nil where it does not match.
    private static func step(_ token: Token, _ part: ArraySlice<UInt8>, _ index: Int) -> Int? {
        switch token {
        case .byte(let byte): return part[index] == byte ? index + 1 : nil
        case .many: return nil
        case .one: return endOfCharacter(part, index)
        case .oneOf(let ranges, let negated):
            guard ranges.contains(where: { $0.contains(part[index]) }) != negated else { return nil }
            return negated ? endOfCharacter(part, index) : index + 1
        }
    }

    /// A byte that begins no character counts as one.
    private static func endOfCharacter(_ part: ArraySlice<UInt8>, _ index: Int) -> Int {
        let length =
            switch part[index] {
            case 0xc2...0xdf: 2
            case 0xe0...0xef: 3
            case 0xf0...0xf4: 4
            default: 1
            }
        let rest = part[(index + 1)...].prefix(length - 1)
        return rest.count == length - 1 && rest.allSatisfy { $0 & 0xc0 == 0x80 } ? index + length : index + 1
    }
}
