/// What a property of an image turned out to be. Text is bytes: a file may be no UTF-8, and goss compares bytes.
enum FoundValue: Hashable, Sendable {
    /// A truth value.
    case bool(Bool)
    /// A whole number.
    case number(Int64)
    /// Text.
    case text([UInt8])
    /// A list of texts, in the order in which they were found.
    case list([[UInt8]])

    /// Text given as a string.
    static func text(_ string: String) -> FoundValue { .text(Array(string.utf8)) }

    /// The value as the text that goss compares with strings: lists are joined by line feeds.
    var asText: [UInt8] {
        switch self {
        case .bool(let value): Array(String(value).utf8)
        case .number(let value): Array(String(value).utf8)
        case .text(let bytes): bytes
        case .list(let items): Array(items.joined(separator: [UInt8(ascii: "\n")]))
        }
    }

    /// The value as a number; nil where it is none. White space around the digits is no matter.
    var asNumber: Double? {
        switch self {
        case .bool: nil
        case .number(let value): Double(value)
        case .text, .list: Double(trimmingSpace(asText))
        }
    }

    /// The value as a list: text is split at line feeds. nil for numbers and truth values.
    var asLines: [[UInt8]]? {
        switch self {
        case .bool, .number: nil
        case .text(let bytes):
            bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
        case .list(let items): items
        }
    }

    /// The value as people see it: JSON, cut where it is long.
    var shown: String {
        switch self {
        case .bool(let value): String(value)
        case .number(let value): String(value)
        case .text(let bytes): Shown.text(bytes)
        case .list(let items): Shown.list(items.map { Shown.text($0) })
        }
    }

    private func trimmingSpace(_ bytes: [UInt8]) -> String {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0d).contains($0) }
        let end = bytes.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? 0
        return String(decoding: bytes[..<end].drop(while: isSpace), as: UTF8.self)
    }
}
