/// What a property of an image turned out to be. Text is bytes: a file may be no UTF-8, and goss compares bytes.
enum FoundValue: Hashable, Sendable {
    /// A truth value.
    case bool(Bool)
    /// A whole number.
    case number(Int64)
    /// Text.
    case text([UInt8])
    /// A number with a fraction, out of a JSON document.
    case decimal(Double)
    /// A list, in the order in which it was found.
    case list([FoundValue])
    /// Keys with values, out of a document.
    case map([String: FoundValue])
    /// Nothing, out of a document.
    case null

    /// Text given as a string.
    static func text(_ string: String) -> FoundValue { .text(Array(string.utf8)) }

    /// A list of texts.
    static func texts(_ texts: some Sequence<[UInt8]>) -> FoundValue { .list(texts.map { .text($0) }) }

    /// A list of texts.
    static func texts(_ texts: some Sequence<String>) -> FoundValue { .list(texts.map { .text($0) }) }

    /// A value of a document.
    init(_ value: DataValue) {
        switch value {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .number(value)
        case .decimal(let value): self = Int64(exactly: value).map { .number($0) } ?? .decimal(value)
        case .text(let text): self = .text(text)
        case .list(let items): self = .list(items.map(FoundValue.init))
        case .map(let members): self = .map(members.mapValues(FoundValue.init))
        }
    }

    /// The value as the text that goss compares with strings: lists are joined by line feeds.
    var asText: [UInt8] {
        switch self {
        case .bool(let value): Array(String(value).utf8)
        case .number(let value): Array(String(value).utf8)
        case .text(let bytes): bytes
        case .decimal(let value): Array(DataValue.number(value).utf8)
        case .list(let items): Array(items.map(\.asText).joined(separator: [UInt8(ascii: "\n")]))
        case .map, .null: Array(shown.utf8)
        }
    }

    /// The value as a number; nil where it is none. White space around the digits is no matter.
    var asNumber: Double? {
        switch self {
        case .bool, .map, .null: nil
        case .number(let value): Double(value)
        case .decimal(let value): value
        case .text, .list: Double(trimmingSpace(asText))
        }
    }

    /// The value as a list: text is split at line feeds. nil for numbers and truth values.
    var asLines: [FoundValue]? {
        switch self {
        case .bool, .number, .decimal, .map, .null: nil
        case .text(let bytes):
            bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { .text(Array($0)) }
        case .list(let items): items
        }
    }

    /// The value as people see it: JSON, cut where it is long.
    var shown: String {
        switch self {
        case .bool(let value): String(value)
        case .number(let value): String(value)
        case .text(let bytes): Shown.text(bytes)
        case .decimal(let value): DataValue.number(value)
        case .list(let items): Shown.list(items.prefix(Shown.mostItems).map(\.shown), of: items.count)
        case .map(let members): Shown.map(members)
        case .null: "null"
        }
    }

    private func trimmingSpace(_ bytes: [UInt8]) -> String {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0d).contains($0) }
        let end = bytes.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? 0
        return String(decoding: bytes[..<end].drop(while: isSpace), as: UTF8.self)
    }
}
