/// A JSON value with one text for each value: RFC 8785 (JSON Canonicalization Scheme).
///
/// Numbers are integers between ±(2⁵³ − 1), the range in which every JSON reader agrees; nothing that bake or an OCI
/// document says needs a fraction.
public enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Int64)
    /// A duration in thousandths, written in seconds with at most three decimals (1800 is `1.8`). Only for output: the
    /// parser takes integers alone.
    case seconds(milliseconds: Int64)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    /// The largest integer that every reader takes exactly.
    public static let largestNumber: Int64 = 9_007_199_254_740_991

    /// The canonical text: no white space, keys sorted by UTF-16 code units, the shortest escapes.
    public var canonical: String { String(decoding: canonicalBytes, as: UTF8.self) }

    /// The canonical text as UTF-8.
    public var canonicalBytes: [UInt8] {
        var text: [UInt8] = []
        write(to: &text)
        return text
    }

    /// The digest of the canonical text.
    public var digest: Digest { Digest.of(canonicalBytes) }

    private func write(to text: inout [UInt8]) {
        switch self {
        case .null: text += "null".utf8
        case .bool(let value): text += (value ? "true" : "false").utf8
        case .number(let value): text += String(value).utf8
        case .seconds(let milliseconds): text += Self.decimal(milliseconds).utf8
        case .string(let value): Self.write(value, to: &text)
        case .array(let values): Self.write(values, between: "[", and: "]", to: &text) { $0.write(to: &$1) }
        case .object(let members):
            let sorted = members.sorted { Self.isInOrder($0.key, $1.key) }
            Self.write(sorted, between: "{", and: "}", to: &text) { member, text in
                Self.write(member.key, to: &text)
                text.append(UInt8(ascii: ":"))
                member.value.write(to: &text)
            }
        }
    }

    /// Whether a key stands before another: by UTF-16 code units, which is the order of the bytes of UTF-8 but where a
    /// character beyond the basic plane meets one of U+E000 to U+FFFF.
    private static func isInOrder(_ one: String, _ other: String) -> Bool {
        if one.utf8.allSatisfy({ $0 < 0xee }) { return one.utf8.lexicographicallyPrecedes(other.utf8) }
        return one.utf16.lexicographicallyPrecedes(other.utf16)
    }

    /// The shortest decimal, as RFC 8785 wants it.
    private static func decimal(_ thousandths: Int64) -> String {
        let (whole, rest) = thousandths.magnitude.quotientAndRemainder(dividingBy: 1000)
        var digits = String(1000 + rest).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return (thousandths < 0 ? "-" : "") + String(whole) + (digits.isEmpty ? "" : ".\(digits)")
    }

    private static func write<Item>(
        _ items: [Item], between open: StaticString, and close: StaticString, to text: inout [UInt8],
        each: (Item, inout [UInt8]) -> Void
    ) {
        text += open.description.utf8
        for (index, item) in items.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            each(item, &text)
        }
        text += close.description.utf8
    }

    private static func write(_ string: String, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        // Nearly every text is written as it stands.
        if string.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            text += string.utf8
            text.append(UInt8(ascii: "\""))
            return
        }
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""): text += "\\\"".utf8
            case UInt8(ascii: "\\"): text += "\\\\".utf8
            case 0x08: text += "\\b".utf8
            case 0x09: text += "\\t".utf8
            case 0x0a: text += "\\n".utf8
            case 0x0c: text += "\\f".utf8
            case 0x0d: text += "\\r".utf8
            case 0..<0x20: text += "\\u00\(Hexadecimal.text(of: [byte]))".utf8
            default: text.append(byte)
            }
        }
        text.append(UInt8(ascii: "\""))
    }
}

extension JSON {
    /// The members of an object; nil for every other value.
    public var members: [String: JSON]? {
        if case .object(let members) = self { members } else { nil }
    }

    /// The items of an array; nil for every other value.
    public var items: [JSON]? {
        if case .array(let items) = self { items } else { nil }
    }

    /// The text of a string; nil for every other value.
    public var string: String? {
        if case .string(let string) = self { string } else { nil }
    }

    /// The integer; nil for every other value.
    public var number: Int64? {
        if case .number(let number) = self { number } else { nil }
    }

    /// The truth value; nil for every other value.
    public var bool: Bool? {
        if case .bool(let bool) = self { bool } else { nil }
    }

    /// The member of an object; nil where this is no object or has no such member.
    public subscript(key: String) -> JSON? { members?[key] }

    /// An object of those members that are there: a nil value leaves its key out.
    public static func record(_ members: KeyValuePairs<String, JSON?>) -> JSON {
        var object: [String: JSON] = [:]
        for (key, value) in members { if let value { object[key] = value } }
        return .object(object)
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int64) { self = .number(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { _, last in last }))
    }
}
