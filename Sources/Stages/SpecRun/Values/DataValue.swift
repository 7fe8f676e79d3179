import BakeModel

/// A value of a YAML or JSON document: what templates work on, and what `gjson` and `matching` look at.
enum DataValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case decimal(Double)
    case text(String)
    case list([DataValue])
    case map([String: DataValue])

    /// What kind of value it is, as messages say it.
    var kind: String {
        switch self {
        case .null: "nothing"
        case .bool: "a truth value"
        case .integer, .decimal: "a number"
        case .text: "text"
        case .list: "a list"
        case .map: "a map"
        }
    }

    /// The members of a map in the order of their keys' bytes; none for every other value.
    var sortedMembers: [(key: String, value: DataValue)] {
        guard case .map(let members) = self else { return [] }
        return members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }

    /// How much there is to it, as work: values, and one for each 16 bytes of text. Counting ends above `limit`, and
    /// what nests deeper than any document may is above it.
    func size(limit: Int, depth: Int = 0) -> Int {
        guard depth < Self.deepest else { return limit + 1 }
        switch self {
        case .null, .bool, .integer, .decimal: return 1
        case .text(let text): return 1 + text.utf8.count / 16
        case .list(let items): return Self.size(of: items, limit, depth)
        case .map(let members): return Self.size(of: members.values, limit, depth)
        }
    }

    private static let deepest = 100

    private static func size(of values: some Sequence<DataValue>, _ limit: Int, _ depth: Int) -> Int {
        var sum = 1
        for value in values {
            if sum > limit { break }
            sum += value.size(limit: limit - sum, depth: depth + 1)
        }
        return sum
    }

    /// Writes a number as Go's `%v` does: whole ones without a fraction, large ones with an exponent from 10²¹ on.
    static func number(_ value: Double) -> String {
        if value.magnitude < 1e15, let whole = Int64(exactly: value) { return String(whole) }
        if value.magnitude >= 1e15, value.magnitude < 1e21 {
            return value.magnitude < 9.2e18 ? String(Int64(value)) : String(value)
        }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return value.isNaN ? "NaN" : String(value)
    }
}

extension DataValue {
    /// The value as JSON, with members in the order of their keys.
    /// - Parameter indent: what a level is indented with; nil for one line without spaces.
    func json(indent: String? = nil, level: Int = 0) -> String {
        switch self {
        case .null: "null"
        case .bool(let value): String(value)
        case .integer(let value): String(value)
        case .decimal(let value): Self.number(value)
        case .text(let text): JSON.string(text).canonical
        case .list(let items):
            Self.json("[", items.map { $0.json(indent: indent, level: level + 1) }, "]", indent, level)
        case .map:
            Self.json(
                "{",
                sortedMembers.map {
                    JSON.string($0.key).canonical + (indent == nil ? ":" : ": ")
                        + $0.value.json(indent: indent, level: level + 1)
                }, "}", indent, level)
        }
    }

    private static func json(
        _ open: String, _ items: [String], _ close: String, _ indent: String?, _ level: Int
    ) -> String {
        guard let indent, !items.isEmpty else { return open + items.joined(separator: ",") + close }
        let inner = String(repeating: indent, count: level + 1)
        let lines = items.map { inner + $0 }.joined(separator: ",\n")
        return "\(open)\n\(lines)\n\(String(repeating: indent, count: level))\(close)"
    }
}
