import BakeModel
import YAMLDocument

extension SpecReading {
    /// What a property must be; nil where the value is unfit, or asserts nothing.
    mutating func matcher(for property: Property, _ node: YAMLNode, isRead: Bool) -> Matcher? {
        switch node {
        case .sequence(let list) where isRead:
            guard !list.items.isEmpty else {
                warn(
                    "an empty list asserts nothing", at: list.position,
                    suggestion: "\"\" asserts that \(property.rawValue) is empty")
                return nil
            }
            return patterns(list.items)
        case .scalar(let scalar) where [.uid, .gid, .exitStatus].contains(property):
            if !scalar.isNull, scalar.boolean == nil, PlainNumber.value(of: scalar) == nil {
                return integer(scalar, property)
            }
        case .scalar(let scalar) where property == .mode && scalar.isPlain && scalar.text.hasPrefix("0"):
            warn(
                "without quotes \(scalar.text) is a number in base eight", at: scalar.position,
                suggestion: "mode: \"\(scalar.text)\"")
        default: break
        }
        return matcher(node, property.rawValue)
    }

    /// A number in quotes is taken as a number; goss does so, with a warning.
    private mutating func integer(_ scalar: YAMLScalar, _ property: Property) -> Matcher? {
        guard let number = Int64(scalar.text) else {
            reader.note("\"\(property.rawValue)\" is a number, not \"\(scalar.text)\"", at: scalar.position)
            return nil
        }
        warn("\(property.rawValue) is a number and needs no quotes", at: scalar.position)
        return .number(Double(number))
    }

    /// A matcher by the kind of its value.
    mutating func matcher(_ node: YAMLNode, _ what: String) -> Matcher? {
        switch node {
        case .scalar(let scalar): return plain(scalar, what)
        case .sequence(let list): return matchers(list.items).map { .containElements($0, splitsText: false) }
        case .mapping(let map): return named(map, what)
        case .unusable: return nil
        }
    }

    private mutating func plain(_ scalar: YAMLScalar, _ what: String) -> Matcher? {
        if scalar.isNull {
            reader.note("\"\(what)\" has no value", at: scalar.position)
            return nil
        }
        if let bool = scalar.boolean { return .bool(bool) }
        return PlainNumber.value(of: scalar).map(Matcher.number) ?? .text(scalar.text)
    }

    /// One matcher by its name.
    private mutating func named(_ map: YAMLMapping, _ what: String) -> Matcher? {
        guard let member = map.members.first else {
            reader.note("\"\(what)\" has no matcher", at: map.position)
            return nil
        }
        if map.members.count > 1 {
            reader.note(
                "only one matcher stands at a level", at: map.members[1].key.position,
                suggestion: "put them into a list below \"and\"")
        }
        guard let name = MatcherName(rawValue: member.key.text) else {
            note(unknown: member.key)
            return nil
        }
        return matcher(name, member.value)
    }

    private mutating func note(unknown key: YAMLScalar) {
        let names = MatcherName.allCases.map(\.rawValue)
        reader.note(
            "there is no matcher \"\(key.text)\"", at: key.position,
            suggestion: Spelling.suggestion(for: key.text, in: names) ?? "matchers are \(names.joined(separator: ", "))"
        )
    }

    private mutating func matcher(_ name: MatcherName, _ node: YAMLNode) -> Matcher? {
        let what = name.rawValue
        switch name {
        case .equal: return expectedValue(node, what).map(Matcher.equal)
        case .havePrefix: return text(node, what).map(Matcher.havePrefix)
        case .haveSuffix: return text(node, what).map(Matcher.haveSuffix)
        case .containSubstring: return text(node, what).map(Matcher.containSubstring)
        case .matchRegexp: return expression(node, what).map(Matcher.matchRegexp)
        case .gt: return number(node, what).map { .compare(.gt, $0) }
        case .ge: return number(node, what).map { .compare(.ge, $0) }
        case .lt: return number(node, what).map { .compare(.lt, $0) }
        case .le: return number(node, what).map { .compare(.le, $0) }
        case .haveLen: return length(node, what)
        case .haveKey: return matcher(node, what).map(Matcher.haveKey)
        case .containElement: return element(node, what)
        case .containElements: return list(node, what).map { .containElements($0, splitsText: true) }
        case .consistOf: return list(node, what).map(Matcher.consistOf)
        case .havePatterns: return reader.items(node, "\"\(what)\"").flatMap { patterns($0) }
        case .semverConstraint: return constraint(node, what)
        case .gjson: return paths(node, what)
        case .xml: return xml(node, what)
        case .not: return matcher(node, what).map(Matcher.not)
        case .and: return list(node, what).map(Matcher.and)
        case .or: return list(node, what).map(Matcher.or)
        }
    }
}

/// The names of matchers, as keys.
enum MatcherName: String, CaseIterable {
    case equal
    case havePrefix = "have-prefix"
    case haveSuffix = "have-suffix"
    case matchRegexp = "match-regexp"
    case containSubstring = "contain-substring"
    case gt, ge, lt, le
    case haveLen = "have-len"
    case haveKey = "have-key"
    case containElement = "contain-element"
    case containElements = "contain-elements"
    case consistOf = "consist-of"
    case not, and, or
    case havePatterns = "have-patterns"
    case semverConstraint = "semver-constraint"
    case gjson, xml
}
