/// An XPath: `/a/b`, `//b`, `*`, `@id`, `text()`, `[2]`, `[last()]`, `[@id='x']`, `[c='x']`, `[c]`, and `count(…)` or
/// `string(…)` around it. W3C XPath 1.0, abbreviated syntax.
struct XMLPath: Hashable, Sendable {
    /// The path as written.
    let text: String
    private var steps: [Step] = []
    private var counts = false

    private struct Step: Hashable {
        /// Whether any depth below will do.
        let isDeep: Bool
        /// An element's name, `*`, `@name` or `text()`.
        let name: String
        let conditions: [Condition]
    }

    private enum Condition: Hashable {
        case position(Int)
        case last
        case has(String)
        case equals(String, String)
    }

    /// Reads a path; nil for what this version does not know.
    init?(_ text: String) {
        self.text = text
        var path = Substring(text)
        for (function, isCount) in [("count(", true), ("string(", false)] where path.hasPrefix(function) {
            guard path.hasSuffix(")") else { return nil }
            (path, counts) = (path.dropFirst(function.count).dropLast(), isCount)
        }
        while !path.isEmpty {
            let isDeep = path.hasPrefix("//")
            guard path.hasPrefix("/") || steps.isEmpty else { return nil }
            path = path.drop { $0 == "/" }
            guard let step = Self.step(&path, isDeep) else { return nil }
            steps.append(step)
        }
        if steps.isEmpty { return nil }
    }

    private static func step(_ path: inout Substring, _ isDeep: Bool) -> Step? {
        let name = path.prefix { $0 != "/" && $0 != "[" }
        path = path.dropFirst(name.count)
        var conditions: [Condition] = []
        while path.first == "[" {
            guard let end = path.firstIndex(of: "]"), let condition = condition(path[..<end].dropFirst()) else {
                return nil
            }
            conditions.append(condition)
            path = path[path.index(after: end)...]
        }
        let isKnown = name == "text()" || !name.contains { "()|:=<>+ ".contains($0) }
        return name.isEmpty || !isKnown ? nil : Step(isDeep: isDeep, name: String(name), conditions: conditions)
    }

    private static func condition(_ text: Substring) -> Condition? {
        if let position = Int(text) { return .position(position) }
        if text == "last()" { return .last }
        guard let sign = text.firstIndex(of: "=") else {
            return text.contains { "()<> /".contains($0) } || text.isEmpty ? nil : .has(String(text))
        }
        let value = text[text.index(after: sign)...].filter { $0 != " " || text.contains("'") }
        let name = text[..<sign].filter { $0 != " " }
        guard let quote = value.first, quote == "'" || quote == "\"", value.last == quote, value.count > 1,
            !name.contains(where: { "()<>!/".contains($0) })
        else { return nil }
        return .equals(String(name), String(value.dropFirst().dropLast()))
    }

    /// What stands there: the text of what is found, a list where there is more than one; nil where nothing is.
    func value(in document: XMLDocument) -> FoundValue? {
        var elements = [document.top]
        var values: [String]?
        for step in steps {
            if step.name.hasPrefix("@") || step.name == "text()" {
                values = Self.parents(step, of: elements).flatMap { Self.texts(step.name, of: $0) }
            } else {
                elements = Self.parents(step, of: elements).flatMap { Self.children(step, of: $0) }
            }
        }
        let found = values ?? elements.map(\.text)
        if counts { return .number(Int64(found.count)) }
        return found.count > 1 ? .texts(found) : found.first.map { .text($0) }
    }

    private static func children(_ step: Step, of parent: XMLDocument.Element) -> [XMLDocument.Element] {
        var found = parent.children.filter { step.name == "*" || $0.name == step.name }
        for condition in step.conditions { found = admitted(found, condition) }
        return found
    }

    /// The elements below which a step looks, each once, in the document's order.
    private static func parents(_ step: Step, of elements: [XMLDocument.Element]) -> [XMLDocument.Element] {
        guard step.isDeep else { return elements }
        var (found, seen) = ([XMLDocument.Element](), Set<ObjectIdentifier>())
        for element in elements { add(element, to: &found, &seen) }
        return found
    }

    /// What was seen was seen with all that is below it.
    private static func add(
        _ element: XMLDocument.Element, to found: inout [XMLDocument.Element], _ seen: inout Set<ObjectIdentifier>
    ) {
        guard seen.insert(ObjectIdentifier(element)).inserted else { return }
        found.append(element)
        for child in element.children { add(child, to: &found, &seen) }
    }

    private static func admitted(_ found: [XMLDocument.Element], _ condition: Condition) -> [XMLDocument.Element] {
        switch condition {
        case .position(let position): found[safely: position - 1].map { [$0] } ?? []
        case .last: found.last.map { [$0] } ?? []
        case .has(let name): found.filter { !texts(name, of: $0).isEmpty }
        case .equals(let name, let value): found.filter { texts(name, of: $0).contains(value) }
        }
    }

    /// The text of the nodes of this name, which may be several: one of them suffices for a condition.
    private static func texts(_ name: String, of element: XMLDocument.Element) -> [String] {
        if name == "text()" { return element.textNodes }
        if name == "." { return [element.text] }
        if name.hasPrefix("@") { return element.attributes[String(name.dropFirst())].map { [$0] } ?? [] }
        return element.children.filter { $0.name == name }.map(\.text)
    }
}
