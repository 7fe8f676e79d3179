/// Reads JSON with fractions and exponents, as web services write it. RFC 8259; of equal keys the last counts.
struct JSONText {
    private let bytes: [UInt8]
    private var offset = 0
    private static let deepest = 64

    /// Why text is no JSON.
    struct Fault: Error, Hashable {
        let reason: String
    }

    /// Reads a text that is one value and nothing else.
    static func value(of bytes: [UInt8]) throws(Fault) -> DataValue {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw Fault(reason: "it is no UTF-8") }
        var text = JSONText(bytes: bytes)
        let value = try text.value(depth: 0)
        text.skipSpace()
        guard text.offset == bytes.count else { throw text.unexpected }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }
    private var unexpected: Fault {
        Fault(reason: offset < bytes.count ? "byte \(offset + 1) is not what JSON has there" : "it ends too early")
    }

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { offset += 1 }
    }

    private mutating func take(_ text: StaticString) -> Bool {
        let wanted = Array(text.description.utf8)
        guard bytes[offset...].starts(with: wanted) else { return false }
        offset += wanted.count
        return true
    }

    private mutating func value(depth: Int) throws(Fault) -> DataValue {
        guard depth < Self.deepest else { throw Fault(reason: "it is nested deeper than \(Self.deepest)") }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return .map(try members(depth))
        case UInt8(ascii: "["): return .list(try items(depth))
        case UInt8(ascii: "\""): return .text(try string())
        default:
            if take("true") { return .bool(true) }
            if take("false") { return .bool(false) }
            if take("null") { return .null }
            return .decimal(try number())
        }
    }

    private mutating func members(_ depth: Int) throws(Fault) -> [String: DataValue] {
        var members: [String: DataValue] = [:]
        offset += 1
        skipSpace()
        if take("}") { return members }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw unexpected }
            let key = try string()
            skipSpace()
            guard take(":") else { throw unexpected }
            members[key] = try value(depth: depth + 1)
            skipSpace()
            if take("}") { return members }
            guard take(",") else { throw unexpected }
        }
    }

    private mutating func items(_ depth: Int) throws(Fault) -> [DataValue] {
        var items: [DataValue] = []
        offset += 1
        skipSpace()
        if take("]") { return items }
        while true {
            items.append(try value(depth: depth + 1))
            skipSpace()
            if take("]") { return items }
            guard take(",") else { throw unexpected }
        }
    }

    private mutating func number() throws(Fault) -> Double {
        let digits = bytes[offset...].prefix { "+-.eE0123456789".utf8.contains($0) }
        guard let first = digits.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "."),
            let number = Double(String(decoding: digits, as: UTF8.self))
        else { throw unexpected }
        offset += digits.count
        return number
    }

    private mutating func string() throws(Fault) -> String {
        var text: [UInt8] = []
        offset += 1
        while let byte = next {
            offset += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text += try escape()
            case 0..<0x20: throw unexpected
            default: text.append(byte)
            }
        }
        throw unexpected
    }

    private mutating func escape() throws(Fault) -> [UInt8] {
        guard let byte = next else { throw unexpected }
        offset += 1
        switch byte {
        case UInt8(ascii: "n"): return [0x0a]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "r"): return [0x0d]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0c]
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "u"): return Array(String(try codePoint()).utf8)
        default: throw unexpected
        }
    }

    /// Half of a surrogate pair alone is U+FFFD, as Go has it.
    private mutating func codePoint() throws(Fault) -> Character {
        let first = try unit()
        guard (0xd800..<0xdc00).contains(first), take("\\u") else { return Self.character(first) }
        let second = try unit()
        guard (0xdc00..<0xe000).contains(second) else { return "\u{fffd}" }
        return Self.character(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
    }

    private static func character(_ number: UInt32) -> Character {
        Unicode.Scalar(number).map(Character.init) ?? "\u{fffd}"
    }

    private mutating func unit() throws(Fault) -> UInt32 {
        let digits = bytes[offset...].prefix(4)
        let isHexadecimal = digits.allSatisfy {
            ("0"..."9").contains(Unicode.Scalar($0)) || (0x41...0x46).contains($0 & 0xdf)
        }
        guard digits.count == 4, isHexadecimal, let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw unexpected }
        offset += 4
        return unit
    }
}
