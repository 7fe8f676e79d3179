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
        guard let text = reader.text(given, "\"xpath\""), let matcher = self.result(result) else { return nil }
        do throws(XPath.Fault) { return .xml(try XPath(text), matcher) } catch {
            reader.note(
                "\"\(text)\" is no XPath: \(error.reason)", at: given.position,
                suggestion: "as in /a/b[2]/text(), //b[@id='x'], boolean(//b[c='x']), count(//b)")
            return nil
        }
    }

    /// A number or a truth value is text there: what an XPath finds is written down, and compared as it is written.
    private mutating func result(_ node: YAMLNode) -> Matcher? {
        guard case .scalar = node else { return matcher(node, "result") }
        return reader.scalar(node, "\"result\"").map { .text($0.text) }
    }
}
