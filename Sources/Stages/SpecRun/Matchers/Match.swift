import RegularExpressions

/// How a found value compared with a matcher.
enum Match: Hashable, Sendable {
    /// As expected.
    case matched
    /// Not as expected; where more than the value is worth saying, this says it.
    case mismatched(detail: String?)
    /// The comparison makes no sense for this value, and why. Never turned into a match by `not`.
    case error(String)

    init(_ matched: Bool) { self = matched ? .matched : .mismatched(detail: nil) }
}

extension Matcher {
    /// Compares a found value with this.
    func match(_ found: FoundValue) -> Match {
        switch self {
        case .text(let text): Match(found.asText.elementsEqual(text.utf8))
        case .number(let number): numeric(found) { $0 == number }
        case .bool(let bool): Match(found == .bool(bool))
        case .equal(let value): Match(value.equals(found))
        case .havePrefix(let text): Match(found.asText.starts(with: text.utf8))
        case .haveSuffix(let text): Match(found.asText.reversed().starts(with: text.utf8.reversed()))
        case .containSubstring(let text): Match(found.asText.containsSequence(Array(text.utf8)))
        case .matchRegexp(let pattern): expression(pattern, found)
        case .compare(let comparison, let number): numeric(found) { comparison.holds($0, number) }
        case .haveLength(let length): self.length(length, found)
        case .haveKey(let matcher): key(matcher, found)
        case .containElement(let matcher): contains(matcher, found)
        case .containElements(let matchers, let splits): elements(matchers, splits ? found.asLines : found.items, found)
        case .consistOf(let matchers): elements(matchers, found.items, found, exactly: true)
        case .havePatterns(let patterns): lines(patterns, found)
        case .versionConstraint(let text): versions(text, found)
        case .gjson(let expectations): document(expectations, found)
        case .xml(let path, let matcher): document(path, matcher, found)
        case .not(let matcher): matcher.match(found).negated
        case .and(let matchers): all(matchers, found)
        case .or(let matchers): any(matchers, found)
        }
    }

    private func numeric(_ found: FoundValue, _ holds: (Double) -> Bool) -> Match {
        guard let number = found.asNumber else { return .error("\(found.shown) is no number") }
        return Match(holds(number))
    }

    private func expression(_ pattern: String, _ found: FoundValue) -> Match {
        do throws(RegularExpression.Fault) {
            return Match(try RegularExpression(pattern).matches(found.asText))
        } catch {
            return .error("the regular expression \(Shown.text(pattern.utf8)): \(error.reason)")
        }
    }

    private func length(_ length: Int, _ found: FoundValue) -> Match {
        switch found {
        case .text(let bytes): Match(bytes.count == length)
        case .list(let items): Match(items.count == length)
        case .map(let members): Match(members.count == length)
        case .bool, .number, .decimal, .null: .error("\(found.shown) has no length")
        }
    }

    private func lines(_ patterns: [LinePattern], _ found: FoundValue) -> Match {
        do {
            var search = try LineSearch(patterns)
            let missing = try search.unsatisfied(in: found.asText)
            if missing.isEmpty { return .matched }
            let list = Shown.list(missing.map { Shown.text($0.text.utf8) })
            return .mismatched(detail: "not satisfied: \(list) in \(found.shown)")
        } catch is LineSearch.LineTooLong {
            return .error("a line is longer than \(LineSearch.longestLine) bytes")
        } catch let fault as RegularExpression.Fault {
            return .error("the regular expression \(Shown.text(fault.pattern.utf8)): \(fault.reason)")
        } catch {
            return .error(String(describing: error))
        }
    }

    /// The first that does not match decides.
    private func all(_ matchers: [Matcher], _ found: FoundValue) -> Match {
        for matcher in matchers {
            let match = matcher.match(found)
            if match != .matched { return match }
        }
        return .matched
    }

    /// The first that matches, or makes no sense, decides.
    private func any(_ matchers: [Matcher], _ found: FoundValue) -> Match {
        for matcher in matchers {
            let match = matcher.match(found)
            if case .mismatched = match { continue }
            return match
        }
        return .mismatched(detail: nil)
    }
}

extension Match {
    fileprivate var negated: Match {
        switch self {
        case .matched: .mismatched(detail: nil)
        case .mismatched: .matched
        case .error: self
        }
    }
}

extension Matcher.Comparison {
    fileprivate func holds(_ found: Double, _ bound: Double) -> Bool {
        switch self {
        case .gt: found > bound
        case .ge: found >= bound
        case .lt: found < bound
        case .le: found <= bound
        }
    }
}

extension ExpectedValue {
    /// Whether a found value is this, of the same type.
    fileprivate func equals(_ found: FoundValue) -> Bool {
        switch (self, found) {
        case (.bool(let value), .bool(let other)): value == other
        case (.number(let value), .number(let other)): value == Double(other)
        case (.text(let text), .text(let bytes)): bytes.elementsEqual(text.utf8)
        case (.list(let values), .list(let items)):
            values.count == items.count && zip(values, items).allSatisfy { $0.equals($1) }
        case (.map(let values), .map(let members)):
            values.count == members.count
                && values.allSatisfy { key, value in members[key].map(value.equals) ?? false }
        case (.number(let value), .decimal(let other)): value == other
        default: false
        }
    }
}

extension FoundValue {
    /// The items of a list; nil for every other value.
    fileprivate var items: [FoundValue]? {
        if case .list(let items) = self { items } else { nil }
    }
}
