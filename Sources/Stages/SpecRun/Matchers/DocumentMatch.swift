extension Matcher {
    /// Whether a map has a key that fits.
    func key(_ matcher: Matcher, _ found: FoundValue) -> Match {
        guard case .map(let members) = found else { return .error("have-key needs a map, and \(found.shown) is none") }
        return Match(members.keys.contains { matcher.match(.text($0)) == .matched })
    }

    /// Whether every version is within the constraint; no version is not.
    func versions(_ text: String, _ found: FoundValue) -> Match {
        guard let constraint = VersionConstraint(text) else {
            return .error("\(Shown.text(text.utf8)) is no constraint")
        }
        let items: [FoundValue] = if case .list(let items) = found { items } else { [found] }
        if items.isEmpty { return .mismatched(detail: nil) }
        for item in items {
            let given = String(decoding: item.asText, as: UTF8.self)
            guard let version = SemanticVersion(given) else { return .error("\(item.shown) is no semantic version") }
            if !constraint.admits(version) { return .mismatched(detail: nil) }
        }
        return .matched
    }

    /// Whether a JSON document has what is expected at every path.
    func document(_ expectations: [PathExpectation], _ found: FoundValue) -> Match {
        let document: DataValue
        do throws(JSONText.Fault) { document = try JSONText.value(of: found.asText) } catch {
            return .error("\(found.shown) is no JSON: \(error.reason)")
        }
        for expectation in expectations {
            guard let value = JSONPath(expectation.path)?.value(in: document) else {
                return .error("the document has nothing at \(Shown.text(expectation.path.utf8)): \(found.shown)")
            }
            switch expectation.matcher.match(FoundValue(value)) {
            case .matched: continue
            case .mismatched(let detail):
                let shown = detail ?? FoundValue(value).shown
                return .mismatched(detail: "\(Shown.text(expectation.path.utf8)) is \(shown)")
            case .error(let reason): return .error("\(Shown.text(expectation.path.utf8)): \(reason)")
            }
        }
        return .matched
    }

    /// Whether an XML document has what is expected at a path. Text is compared with what stands there as XML, and no text
    /// asks whether anything does, as in goss; other matchers look at the text of the nodes.
    func document(_ path: XPath, _ matcher: Matcher, _ found: FoundValue) -> Match {
        do throws(XMLDocument.Fault) {
            let document = try XMLDocument(found.asText)
            do throws(XPath.Fault) {
                return Self.match(try path.result(in: document), path, matcher)
            } catch {
                return .error("\(Shown.text(path.text.utf8)) cannot be evaluated: \(error.reason)")
            }
        } catch {
            return .error("\(found.shown) is no XML: \(error.reason)")
        }
    }

    private static func match(_ result: XPathResult, _ path: XPath, _ matcher: Matcher) -> Match {
        let shown = Shown.text(path.text.utf8)
        if case .text(let wanted) = matcher {
            if case .nodes = result.value, wanted.allSatisfy(\.isWhitespace) { return Match(result.value.isTrue) }
            if result.compared.utf8.elementsEqual(wanted.utf8) { return .matched }
            return .mismatched(detail: "\(shown) is \(Shown.text(result.compared.utf8))")
        }
        if case .nodes(let nodes) = result.value, nodes.isEmpty {
            return .error("the document has nothing at \(shown)")
        }
        let match = matcher.match(result.found)
        guard case .mismatched(let detail) = match else { return match }
        return .mismatched(detail: "\(shown) is \(detail ?? result.found.shown)")
    }
}
