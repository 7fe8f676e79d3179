import BakeModel
import YAMLDocument

extension SpecReading {
    /// `semver-constraint`.
    mutating func constraint(_ node: YAMLNode, _ what: String) -> Matcher? {
        guard let text = text(node, what) else { return nil }
        if VersionConstraint(text) != nil { return .versionConstraint(text) }
        reader.note(
            "\"\(text)\" is no constraint of versions", at: node.position, suggestion: "as in \">=1.2.0 <2.0.0\"")
        return nil
    }

    /// `gjson`, a map of paths.
    mutating func paths(_ node: YAMLNode, _ what: String) -> Matcher? {
        guard let map = reader.mapping(node, "\"\(what)\"") else { return nil }
        var expectations: [Matcher.PathExpectation] = []
        for member in map.members {
            if JSONPath(member.key.text) == nil {
                reader.note("\"\(member.key.text)\" is no path of gjson", at: member.key.position)
            } else if let matcher = matcher(member.value, member.key.text) {
                expectations.append(Matcher.PathExpectation(path: member.key.text, matcher: matcher))
            }
        }
        if map.members.isEmpty { reader.note("\"\(what)\" has no path", at: node.position) }
        return expectations.count == map.members.count && !expectations.isEmpty ? .gjson(expectations) : nil
    }

    /// `xml`, an XPath and what stands there.
    mutating func xml(_ node: YAMLNode, _ what: String) -> Matcher? {
        guard let map = reader.record(node, "\"\(what)\"", keys: ["xpath", "result"]) else { return nil }
        guard let given = map["xpath"], let result = map["result"] else {
            reader.note("\"\(what)\" needs xpath and result", at: node.position)
            return nil
        }
        guard let text = reader.text(given, "\"xpath\""), let matcher = matcher(result, "result") else { return nil }
        if let path = XMLPath(text) { return .xml(path, matcher) }
        reader.note(
            "\"\(text)\" is no XPath that this version knows", at: given.position,
            suggestion: "as in /a/b[2]/c, //b[@id='x'], //b/@id, count(//b)")
        return nil
    }
}
