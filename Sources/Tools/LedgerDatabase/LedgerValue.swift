import BakeModel

/// A value in a view's table.
public enum LedgerValue: Hashable, Sendable {
    /// Nothing.
    case null
    /// An integer.
    case integer(Int64)
    /// Text.
    case text(String)
    /// Bytes.
    case blob([UInt8])

    /// The integer; nil for every other value.
    public var integer: Int64? {
        if case .integer(let value) = self { value } else { nil }
    }

    /// The text; nil for every other value.
    public var text: String? {
        if case .text(let value) = self { value } else { nil }
    }

    /// Text, or nothing.
    public init(_ text: String?) { self = text.map(LedgerValue.text) ?? .null }

    /// An integer, or nothing.
    public init(_ integer: Int64?) { self = integer.map(LedgerValue.integer) ?? .null }
}

extension LedgerValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByNilLiteral {
    public init(stringLiteral value: String) { self = .text(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(nilLiteral: ()) { self = .null }
}

/// A row that a query found.
public struct LedgerRow: Hashable, Sendable {
    /// The columns' names, in the query's order.
    public let columns: [String]
    /// Their values.
    public let values: [LedgerValue]

    /// The row that a statement stands at.
    init(_ statement: Statement) throws {
        columns = statement.columns
        values = try columns.indices.map { try statement.value(Int32($0)) }
    }

    /// The value of a column; null where there is no such column.
    public subscript(column: String) -> LedgerValue {
        columns.firstIndex(of: column).map { values[$0] } ?? .null
    }

    /// The integer of a column.
    /// - Throws: `LedgerError.damaged` where it holds something else.
    public func integer(_ column: String) throws -> Int64 {
        guard let integer = self[column].integer else { throw wrong(column, "an integer") }
        return integer
    }

    /// The text of a column.
    /// - Throws: `LedgerError.damaged` where it holds something else.
    public func text(_ column: String) throws -> String {
        guard let text = self[column].text else { throw wrong(column, "text") }
        return text
    }

    private func wrong(_ column: String, _ wanted: String) -> LedgerError {
        .falseView("a view", detail: "the column \(column) holds no \(wanted)")
    }
}
