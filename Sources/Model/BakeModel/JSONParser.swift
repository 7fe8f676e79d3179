extension JSON {
    /// Why text is not JSON that bake takes.
    public enum Fault: Error, Hashable, Sendable {
        /// Something else than what the grammar (RFC 8259) wants, at this byte.
        case unexpected(offset: Int)
        /// A key stands twice in one object: readers would disagree about its value.
        case duplicateKey(String)
        /// Values nest deeper than 64.
        case tooDeep
        /// A fraction, an exponent, or an integer beyond ±(2⁵³ − 1).
        case unsupportedNumber(offset: Int)
        /// The bytes are no UTF-8, or an escape is half of a surrogate pair.
        case notUnicode
    }

    /// Reads one value and nothing after it. Strict, because OCI documents and ledger entries come from outside and a
    /// lenient reader (Foundation's keeps one of two equal keys) would see another document than the next tool does.
    public init(parsing bytes: some Collection<UInt8>) throws(Fault) {
        var parser = JSONParser(Array(bytes))
        self = try parser.document()
    }
}

private struct JSONParser {
    private let bytes: [UInt8]
    private var offset = 0
    private static let deepest = 64

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(JSON.Fault) -> JSON {
        let value = try value(depth: 0)
        skipSpace()
        guard offset == bytes.count else { throw .unexpected(offset: offset) }
        return value
    }

    private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { offset += 1 }
    }

    private mutating func take(_ expected: String) throws(JSON.Fault) {
        guard bytes[offset...].starts(with: expected.utf8) else { throw .unexpected(offset: offset) }
        offset += expected.utf8.count
    }

    private mutating func takeIfNext(_ byte: UInt8) -> Bool {
        skipSpace()
        guard next == byte else { return false }
        offset += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSON.Fault) -> JSON {
        guard depth < Self.deepest else { throw .tooDeep }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"):
            try take("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try take("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try take("null")
            return .null
        default: return .number(try number())
        }
    }

    private mutating func object(depth: Int) throws(JSON.Fault) -> JSON {
        offset += 1
        var members: [String: JSON] = [:]
        if takeIfNext(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipSpace()
            let key = try string()
            guard takeIfNext(UInt8(ascii: ":")) else { throw .unexpected(offset: offset) }
            let member = try value(depth: depth + 1)
            guard members.updateValue(member, forKey: key) == nil else { throw .duplicateKey(key) }
        } while takeIfNext(UInt8(ascii: ","))
        guard takeIfNext(UInt8(ascii: "}")) else { throw .unexpected(offset: offset) }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(JSON.Fault) -> JSON {
        offset += 1
        var items: [JSON] = []
        if takeIfNext(UInt8(ascii: "]")) { return .array(items) }
        repeat { items.append(try value(depth: depth + 1)) } while takeIfNext(UInt8(ascii: ","))
        guard takeIfNext(UInt8(ascii: "]")) else { throw .unexpected(offset: offset) }
        return .array(items)
    }

    private mutating func number() throws(JSON.Fault) -> Int64 {
        let start = offset
        if next == UInt8(ascii: "-") { offset += 1 }
        let digits = offset
        while let byte = next, (0x30...0x39).contains(byte) { offset += 1 }
        guard offset > digits else { throw .unexpected(offset: start) }
        let leadingZero = bytes[digits] == UInt8(ascii: "0") && offset - digits > 1
        guard !leadingZero else { throw .unexpected(offset: start) }
        if let byte = next, [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(byte) {
            throw .unsupportedNumber(offset: start)
        }
        guard let value = Int64(String(decoding: bytes[start..<offset], as: UTF8.self)),
            value.magnitude <= JSON.largestNumber.magnitude
        else { throw .unsupportedNumber(offset: start) }
        return value
    }

    private mutating func string() throws(JSON.Fault) -> String {
        guard next == UInt8(ascii: "\"") else { throw .unexpected(offset: offset) }
        offset += 1
        let plain = plainText()
        if next == UInt8(ascii: "\"") {
            offset += 1
            return try Self.string(plain)
        }
        var text = Array(plain)
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw .unexpected(offset: offset) }
            offset += 1
            if byte == UInt8(ascii: "\\") { try escape(into: &text) } else { text.append(byte) }
        }
        try take("\"")
        return try Self.string(text[...])
    }

    /// What stands as it is from here on: nearly every text up to its end.
    private mutating func plainText() -> ArraySlice<UInt8> {
        let start = offset
        while let byte = next, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { offset += 1 }
        return bytes[start..<offset]
    }

    private static func string(_ bytes: ArraySlice<UInt8>) throws(JSON.Fault) -> String {
        // Nearly every text is ASCII, of which there is nothing to prove.
        if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
        guard let string = String(validating: bytes, as: UTF8.self) else { throw .notUnicode }
        return string
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSON.Fault) {
        guard let byte = next else { throw .unexpected(offset: offset) }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0c)
        case UInt8(ascii: "n"): text.append(0x0a)
        case UInt8(ascii: "r"): text.append(0x0d)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text += String(try scalar()).utf8
        default: throw .unexpected(offset: offset - 1)
        }
    }

    private mutating func scalar() throws(JSON.Fault) -> Character {
        let first = try codeUnit()
        if let scalar = Unicode.Scalar(first) { return Character(scalar) }
        guard (0xd800..<0xdc00).contains(first) else { throw .notUnicode }
        try take("\\u")
        let second = try codeUnit()
        guard (0xdc00..<0xe000).contains(second) else { throw .notUnicode }
        let value = 0x10000 + (first - 0xd800) << 10 + (second - 0xdc00)
        guard let scalar = Unicode.Scalar(value) else { throw .notUnicode }
        return Character(scalar)
    }

    private mutating func codeUnit() throws(JSON.Fault) -> UInt32 {
        guard offset + 4 <= bytes.count, bytes[offset..<(offset + 4)].allSatisfy(Self.isHexadecimal),
            let value = UInt32(String(decoding: bytes[offset..<(offset + 4)], as: UTF8.self), radix: 16)
        else { throw .unexpected(offset: offset) }
        offset += 4
        return value
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        Hexadecimal.isDigit(byte) || (0x41...0x46).contains(byte)
    }
}
