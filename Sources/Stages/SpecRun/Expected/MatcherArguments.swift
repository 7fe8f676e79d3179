import BakeModel
import RegularExpressions
import YAMLDocument

extension SpecReading {
    private static let mostItems = 1000

    /// Text given to a matcher that compares text; a number has no place there, as in goss.
    mutating func text(_ node: YAMLNode, _ what: String) -> String? {
        guard let scalar = reader.scalar(node, "\"\(what)\"") else { return nil }
        if scalar.boolean == nil, PlainNumber.value(of: scalar) == nil { return scalar.text }
        reader.note("\"\(what)\" takes text", at: scalar.position, suggestion: "quote it: \"\(scalar.text)\"")
        return nil
    }

    /// A number given to a matcher.
    mutating func number(_ node: YAMLNode, _ what: String) -> Double? {
        if case .scalar(let scalar) = node, let number = PlainNumber.value(of: scalar) { return number }
        reader.noteKind(of: node, "\"\(what)\"", wanted: "a number")
        return nil
    }

    /// The number given to `have-len`; one that no list can have is a mistake.
    mutating func length(_ node: YAMLNode, _ what: String) -> Matcher? {
        guard let number = number(node, what) else { return nil }
        if number >= 0, let length = Int(exactly: number.rounded(.towardZero)) { return .haveLength(length) }
        reader.note("\"\(what)\" is a number of items", at: node.position)
        return nil
    }

    /// A regular expression that compiles.
    mutating func expression(_ node: YAMLNode, _ what: String) -> String? {
        guard let text = text(node, what) else { return nil }
        return compiles(text, at: node.position) ? text : nil
    }

    /// The single item of `contain-element`: a matcher, text or a number.
    mutating func element(_ node: YAMLNode, _ what: String) -> Matcher? {
        switch node {
        case .sequence: reader.noteKind(of: node, "\"\(what)\"", wanted: "one matcher")
        case .scalar(let scalar) where scalar.boolean != nil:
            reader.note("\"\(what)\" takes text, a number or a matcher", at: scalar.position)
        default: return matcher(node, what).map(Matcher.containElement)
        }
        return nil
    }

    /// A list of matchers.
    mutating func list(_ node: YAMLNode, _ what: String) -> [Matcher]? {
        reader.items(node, "\"\(what)\"").flatMap { matchers($0) }
    }

    /// The matchers of a list; nil where one is unfit.
    mutating func matchers(_ nodes: [YAMLNode]) -> [Matcher]? {
        guard isShort(nodes) else { return nil }
        let matchers = nodes.compactMap { matcher($0, "an item") }
        return matchers.count == nodes.count ? matchers : nil
    }

    /// A list of patterns for lines.
    mutating func patterns(_ nodes: [YAMLNode]) -> Matcher? {
        guard isShort(nodes) else { return nil }
        var patterns: [LinePattern] = []
        for node in nodes {
            guard let text = pattern(node) else { continue }
            let pattern = LinePattern(text)
            if case .expression(let expression) = pattern.search, !compiles(expression, at: node.position) { continue }
            patterns.append(pattern)
        }
        return patterns.count == nodes.count ? .havePatterns(patterns) : nil
    }

    /// A value given to `equal`.
    mutating func expectedValue(_ node: YAMLNode, _ what: String) -> ExpectedValue? {
        switch node {
        case .scalar(let scalar):
            if let bool = scalar.boolean { return .bool(bool) }
            if let number = PlainNumber.value(of: scalar) { return .number(number) }
            return reader.text(node, "\"\(what)\"").map(ExpectedValue.text)
        case .sequence(let list):
            let values = list.items.compactMap { expectedValue($0, what) }
            return values.count == list.items.count ? .list(values) : nil
        case .mapping(let map):
            let members = map.members.compactMap { member in
                expectedValue(member.value, what).map { (member.key.text, $0) }
            }
            return members.count == map.members.count ? .map(Dictionary(members) { $1 }) : nil
        case .unusable: return nil
        }
    }

    /// One pattern; a number has to be quoted, as in goss.
    private mutating func pattern(_ node: YAMLNode) -> String? {
        if case .scalar = node { return text(node, "a pattern") }
        reader.noteKind(of: node, "a pattern", wanted: "text")
        return nil
    }

    private mutating func compiles(_ pattern: String, at position: SourcePosition) -> Bool {
        do throws(RegularExpression.Fault) {
            _ = try RegularExpression(pattern)
            return true
        } catch {
            reader.note("this is no regular expression: \(error.reason)", at: position, suggestion: error.hint)
            return false
        }
    }

    private mutating func isShort(_ nodes: [YAMLNode]) -> Bool {
        guard nodes.count > Self.mostItems, let first = nodes.first else { return true }
        reader.note("a list has at most \(Self.mostItems) items", at: first.position)
        return false
    }
}

/// Numbers in plain scalars, as Go's YAML reader takes them.
enum PlainNumber {
    /// The number; nil for text. `0644` and `0o644` are octal, `0x1f` hexadecimal, `0b1` binary.
    static func value(of scalar: YAMLScalar) -> Double? {
        guard scalar.isPlain, let first = scalar.text.utf8.first else { return nil }
        let canBegin = "+-.0123456789".utf8.contains(first)
        let isSpecial = scalar.text.lowercased().contains { "np_".contains($0) }
        guard canBegin, !isSpecial else { return nil }
        return integer(scalar.text).map { Double($0) } ?? Double(scalar.text)
    }

    private static func integer(_ text: String) -> Int64? {
        let isNegative = text.hasPrefix("-")
        let digits = text.drop { $0 == "-" || $0 == "+" }
        let radixes: [(prefix: String, radix: Int)] = [("0x", 16), ("0o", 8), ("0b", 2), ("0", 8)]
        for (prefix, radix) in radixes where digits.hasPrefix(prefix) && digits.count > prefix.count {
            let value = Int64(digits.dropFirst(prefix.count), radix: radix)
            return value.map { isNegative ? -$0 : $0 }
        }
        return Int64(text)
    }
}
