/// What a property must be: goss's matchers as a value.
indirect enum Matcher: Hashable, Sendable {
    /// A plain string: the same text, whatever the found value's type.
    case text(String)
    /// A plain number: numerically equal.
    case number(Double)
    /// `true` or `false`.
    case bool(Bool)
    /// `equal`: the same value of the same type.
    case equal(ExpectedValue)
    case havePrefix(String)
    case haveSuffix(String)
    case containSubstring(String)
    /// `match-regexp`, anywhere in the text.
    case matchRegexp(String)
    /// `gt`, `ge`, `lt`, `le`.
    case compare(Comparison, Double)
    /// `have-len`: bytes of a text, items of a list.
    case haveLength(Int)
    /// `have-key`: a map has a key that fits.
    case haveKey(Matcher)
    /// `contain-element`: one item does.
    case containElement(Matcher)
    /// `contain-elements`, or a plain list (which does not split text into lines): each takes an item of its own.
    case containElements([Matcher], splitsText: Bool)
    /// `consist-of`: each takes an item of its own, and none is left over.
    case consistOf([Matcher])
    case havePatterns([LinePattern])
    /// `semver-constraint`: every version is within.
    case versionConstraint(String)
    /// `gjson`: what stands at each path of a JSON document.
    case gjson([PathExpectation])
    /// `xml`: what stands at an XPath of an XML document.
    case xml(XPath, Matcher)
    case not(Matcher)
    case and([Matcher])
    case or([Matcher])

    /// A path of `gjson`, and what stands there.
    struct PathExpectation: Hashable, Sendable {
        let path: String
        let matcher: Matcher
    }

    /// How two numbers are compared, spelled as in the file.
    enum Comparison: String, Hashable, Sendable {
        case gt, ge, lt, le
    }

    /// The matcher as people see it: as it could stand in the file, as JSON.
    var shown: String {
        switch self {
        case .text(let text): Shown.text(text.utf8)
        case .number(let number): Shown.number(number)
        case .bool(let bool): String(bool)
        case .equal(let value): named("equal", value.shown)
        case .havePrefix(let text): named("have-prefix", Shown.text(text.utf8))
        case .haveSuffix(let text): named("have-suffix", Shown.text(text.utf8))
        case .containSubstring(let text): named("contain-substring", Shown.text(text.utf8))
        case .matchRegexp(let pattern): named("match-regexp", Shown.text(pattern.utf8))
        case .compare(let comparison, let number): named(comparison.rawValue, Shown.number(number))
        case .haveLength(let length): named("have-len", String(length))
        case .haveKey(let matcher): named("have-key", matcher.shown)
        case .containElement(let matcher): named("contain-element", matcher.shown)
        case .containElements(let matchers, let splits): splits ? named("contain-elements", matchers) : list(matchers)
        case .consistOf(let matchers): named("consist-of", matchers)
        case .havePatterns(let patterns): Shown.list(patterns.map { Shown.text($0.text.utf8) })
        case .versionConstraint(let text): named("semver-constraint", Shown.text(text.utf8))
        case .gjson(let expectations):
            named(
                "gjson",
                "{\(expectations.map { "\(Shown.text($0.path.utf8)):\($0.matcher.shown)" }.joined(separator: ","))}")
        case .xml(let path, let matcher):
            named("xml", "{\"xpath\":\(Shown.text(path.text.utf8)),\"result\":\(matcher.shown)}")
        case .not(let matcher): named("not", matcher.shown)
        case .and(let matchers): named("and", matchers)
        case .or(let matchers): named("or", matchers)
        }
    }

    private func named(_ name: String, _ matchers: [Matcher]) -> String { named(name, list(matchers)) }
    private func named(_ name: String, _ value: String) -> String { "{\"\(name)\":\(value)}" }
    private func list(_ matchers: [Matcher]) -> String { Shown.list(matchers.map(\.shown)) }
}

/// A value given to `equal`.
indirect enum ExpectedValue: Hashable, Sendable {
    case bool(Bool)
    case number(Double)
    case text(String)
    case list([ExpectedValue])
    case map([String: ExpectedValue])

    /// The value as JSON.
    var shown: String {
        switch self {
        case .bool(let value): String(value)
        case .number(let value): Shown.number(value)
        case .text(let text): Shown.text(text.utf8)
        case .list(let values): Shown.list(values.map(\.shown))
        case .map(let members):
            "{\(members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { "\(Shown.text($0.key.utf8)):\($0.value.shown)" }.joined(separator: ","))}"
        }
    }
}
