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
                let owners = step.isDeep ? elements.flatMap(Self.all) : elements
                values = owners.compactMap { Self.text(step.name, of: $0) }
            } else {
                elements = elements.flatMap { Self.children(step, of: $0) }
            }
        }
        let found = values ?? elements.map(\.text)
        if counts { return .number(Int64(found.count)) }
        return found.count > 1 ? .texts(found) : found.first.map { .text($0) }
    }

    private static func children(_ step: Step, of element: XMLDocument.Element) -> [XMLDocument.Element] {
        let parents = step.isDeep ? all(element) : [element]
        return parents.flatMap { parent in
            var found = parent.children.filter { step.name == "*" || $0.name == step.name }
            for condition in step.conditions { found = admitted(found, condition) }
            return found
        }
    }

    private static func all(_ element: XMLDocument.Element) -> [XMLDocument.Element] {
        [element] + element.children.flatMap(all)
    }

    private static func admitted(_ found: [XMLDocument.Element], _ condition: Condition) -> [XMLDocument.Element] {
        switch condition {
        case .position(let position): found[safely: position - 1].map { [$0] } ?? []
        case .last: found.last.map { [$0] } ?? []
        case .has(let name): found.filter { text(name, of: $0) != nil }
        case .equals(let name, let value): found.filter { text(name, of: $0) == value }
        }
    }

    private static func text(_ name: String, of element: XMLDocument.Element) -> String? {
        if name == "text()" || name == "." { return element.text }
        if name.hasPrefix("@") { return element.attributes[String(name.dropFirst())] }
        return element.children.first { $0.name == name }?.text
    }
}
