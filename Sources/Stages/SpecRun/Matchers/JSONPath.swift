/// A path of `gjson`: keys with dots between, `#` for lists, queries `#(name=="x").port`, wildcards, `\.`.
/// github.com/tidwall/gjson, SYNTAX.md; of its modifiers @this, @reverse, @keys, @values, @flatten.
struct JSONPath {
    private let steps: [Step]

    private enum Step: Hashable {
        case key(String, isPattern: Bool)
        /// `#`: how many items, or the rest of the path in each.
        case each
        /// `#(…)`, and with another `#` all that fit.
        case query(JSONQuery, all: Bool)
        case modifier(String)
    }

    /// Each step is a call within a call.
    private static let mostSteps = 100

    /// Reads a path; nil where a query is malformed, and where there are more steps than a document is deep.
    init?(_ text: String) {
        var steps: [Step] = []
        let words = Self.words(text)
        guard words.count <= Self.mostSteps else { return nil }
        for word in words {
            if word.isBare, word.text.hasPrefix("#(") {
                let all = word.text.hasSuffix(")#")
                guard let query = JSONQuery(String(word.text.dropFirst(2).dropLast(all ? 2 : 1))) else { return nil }
                steps.append(.query(query, all: all))
            } else if word.isBare, word.text == "#" {
                steps.append(.each)
            } else if word.isBare, word.text.hasPrefix("@") {
                steps.append(.modifier(word.text))
            } else {
                steps.append(.key(word.text, isPattern: word.isBare && word.text.contains { "*?".contains($0) }))
            }
        }
        self.steps = steps
    }

    /// What stands there; nil where nothing does.
    func value(in document: DataValue) -> DataValue? { Self.value(steps[...], document) }

    private static func value(_ steps: ArraySlice<Step>, _ value: DataValue) -> DataValue? {
        guard let step = steps.first else { return value }
        let rest = steps.dropFirst()
        switch (step, value) {
        case (.key(let key, let isPattern), .map(let members)):
            let member =
                isPattern ? value.sortedMembers.first { Wildcard.matches(key, $0.key) }?.value : members[key]
            return member.flatMap { Self.value(rest, $0) }
        case (.key(let key, _), .list(let items)):
            return Int(key).flatMap { items[safely: $0] }.flatMap { Self.value(rest, $0) }
        case (.each, .list(let items)):
            if rest.isEmpty { return .decimal(Double(items.count)) }
            return .list(items.compactMap { Self.value(rest, $0) })
        case (.query(let query, let all), .list(let items)):
            let found = items.filter { query.admits($0) }
            return all ? .list(found.compactMap { Self.value(rest, $0) }) : found.first.flatMap { Self.value(rest, $0) }
        case (.modifier(let name), _): return modified(value, name).flatMap { Self.value(rest, $0) }
        default: return nil
        }
    }

    private static func modified(_ value: DataValue, _ name: String) -> DataValue? {
        switch (name, value) {
        case ("@this", _): value
        case ("@reverse", .list(let items)): .list(items.reversed())
        case ("@reverse", _): value
        case ("@keys", .map): .list(value.sortedMembers.map { .text($0.key) })
        case ("@values", .map): .list(value.sortedMembers.map(\.value))
        case ("@values", .list): value
        case ("@flatten", .list(let items)):
            .list(items.flatMap { if case .list(let inner) = $0 { inner } else { [$0] } })
        default: nil
        }
    }

    /// The parts between dots and bars; those in parentheses and behind a backslash belong to a part.
    private static func words(_ text: String) -> [(text: String, isBare: Bool)] {
        var words = [(text: "", isBare: true)]
        var depth = 0
        var quoted = false
        var characters = text.makeIterator()
        while let character = characters.next() {
            if character == "\\", depth == 0, let next = characters.next() {
                words[words.count - 1].text.append(next)
                words[words.count - 1].isBare = false
                continue
            }
            if character == "\"", depth > 0 { quoted.toggle() }
            if !quoted { depth += character == "(" ? 1 : character == ")" ? -1 : 0 }
            if depth == 0, character == "." || character == "|" {
                words.append(("", true))
            } else {
                words[words.count - 1].text.append(character)
            }
        }
        return words
    }
}

/// What stands between the parentheses of `#(…)`: `name=="x"`, `port>80`, `name%"a*"`, or a path that must exist.
struct JSONQuery: Hashable {
    private let path: String
    private let sign: String
    private let value: DataValue

    init?(_ text: String) {
        guard let start = text.firstIndex(where: { "=!<>%".contains($0) }) else {
            (path, sign, value) = (text, "", .null)
            return
        }
        let sign = text[start...].prefix { "=!<>%".contains($0) }
        guard ["=", "==", "!=", "<", "<=", ">", ">=", "%", "!%"].contains(sign) else { return nil }
        self.path = String(text[..<start]).trimmed
        self.sign = sign == "=" ? "==" : String(sign)
        let given = String(text[sign.endIndex...]).trimmed
        value = (try? JSONText.value(of: Array(given.utf8))) ?? .text(given)
    }

    /// Whether an item of a list is one that is looked for.
    func admits(_ item: DataValue) -> Bool {
        guard let found = path.isEmpty ? item : JSONPath(path)?.value(in: item) else { return false }
        switch (sign, found, value) {
        case ("", _, _): return true
        case ("==", _, _): return found == value
        case ("!=", _, _): return found != value
        case ("%", .text(let text), .text(let pattern)): return Wildcard.matches(pattern, text)
        case ("!%", .text(let text), .text(let pattern)): return !Wildcard.matches(pattern, text)
        case (_, .decimal(let left), .decimal(let right)): return Self.holds(sign, left, right)
        case (_, .text(let left), .text(let right)): return Self.holds(sign, left, right)
        default: return false
        }
    }

    private static func holds<Value: Comparable>(_ sign: String, _ left: Value, _ right: Value) -> Bool {
        switch sign {
        case "<": left < right
        case "<=": left <= right
        case ">": left > right
        case ">=": left >= right
        default: false
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = Substring(self)
        while text.last == " " { text.removeLast() }
        return String(text.drop { $0 == " " })
    }
}

/// `*` for any text and `?` for any character, in time linear in pattern times text.
enum Wildcard {
    /// Whether the whole text fits the pattern.
    static func matches(_ pattern: String, _ text: String) -> Bool {
        let (pattern, text) = (Array(pattern), Array(text))
        var (place, at, star, mark) = (0, 0, -1, 0)
        while at < text.count {
            if place < pattern.count, pattern[place] == "*" {
                (star, mark) = (place, at)
                place += 1
            } else if place < pattern.count, pattern[place] == "?" || pattern[place] == text[at] {
                place += 1
                at += 1
            } else if star >= 0 {
                mark += 1
                (place, at) = (star + 1, mark)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == "*" }
    }
}
