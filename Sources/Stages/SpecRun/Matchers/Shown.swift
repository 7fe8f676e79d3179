import BakeModel

/// Values in messages: as JSON, so that quotes and control characters are visible, and never longer than a screen.
enum Shown {
    /// How many bytes of a text are shown.
    static let longest = 600
    /// How many items of a list are shown.
    static let mostItems = 40

    /// `"text"`, with the first bytes and the count of the rest where it is long.
    static func text(_ bytes: some Collection<UInt8>) -> String {
        let quoted = JSON.string(String(decoding: bytes.prefix(longest), as: UTF8.self)).canonical
        return bytes.count <= longest ? quoted : "\(quoted)… and \(bytes.count - longest) more bytes"
    }

    /// `["a","b"]`.
    static func list(_ items: [String]) -> String {
        list(Array(items.prefix(mostItems)), of: items.count)
    }

    /// `["a","b"]` of a list with so many items, of which these are the first.
    static func list(_ items: [String], of count: Int) -> String {
        let rest = count <= items.count ? "" : ",… and \(count - items.count) more"
        return "[\(items.joined(separator: ","))\(rest)]"
    }

    /// `{"a":1}`, in the order of the keys.
    static func map(_ members: [String: FoundValue]) -> String {
        let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.prefix(mostItems)
        let rest = members.count <= mostItems ? "" : ",… and \(members.count - mostItems) more"
        return "{\(sorted.map { "\(text($0.key.utf8)):\($0.value.shown)" }.joined(separator: ","))\(rest)}"
    }

    /// A number without a fraction where it has none.
    static func number(_ value: Double) -> String {
        Int64(exactly: value).map { String($0) } ?? String(value)
    }
}
