import BakeModel

/// An input's value before and after, short enough for a line.
struct ValueChange {
    /// `8c1d2f0… -> 77aa31c…`, or of a text of several lines the first that differs.
    let text: String

    private static let longest = 48

    init(from before: String?, to after: String?) {
        guard let before, let after else {
            text = before == nil ? "new: \(Self.shown(after ?? ""))" : "gone"
            return
        }
        let (old, new) = Self.differing(before, after)
        text = "\(old) -> \(new)"
    }

    /// What both have in common in front says nothing: `regular 8c1d…` becomes `8c1d…`.
    private static func differing(_ before: String, _ after: String) -> (String, String) {
        let old = before.split(separator: "\n", omittingEmptySubsequences: false)
        let new = after.split(separator: "\n", omittingEmptySubsequences: false)
        guard max(old.count, new.count) > 1 else { return words(before, after) }
        let line = zip(old, new).prefix { $0 == $1 }.count
        let pair = [old, new].map { $0.count > line ? "\"\(shown(String($0[line])))\"" : "nothing" }
        return ("line \(line + 1): \(pair[0])", pair[1])
    }

    private static func words(_ before: String, _ after: String) -> (String, String) {
        let old = before.split(separator: " ")
        let new = after.split(separator: " ")
        guard old.count == new.count, old.count == 2, old[0] == new[0] else { return (shown(before), shown(after)) }
        return (shown(String(old[1])), shown(String(new[1])))
    }

    /// Digests and object names are cut: nobody compares 64 digits by eye.
    private static func shown(_ value: String) -> String {
        if value.isEmpty { return "nothing" }
        let words = value.split(separator: " ", omittingEmptySubsequences: false).map { word in
            let digits = word.split(separator: ":").last ?? ""
            guard digits.count >= 40, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return String(word) }
            return "\(word.dropLast(digits.count - 7))…"
        }
        return TerminalText.fitted(words.joined(separator: " "), to: longest)
    }
}
