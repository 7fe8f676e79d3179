/// Reads the actions of a template into a tree. Go's text/template/parse.
struct TemplateParser {
    private let items: [TemplateItem]
    private var index = 0
    private var definitions: [String: [TemplateNode]] = [:]
    private var loops = 0
    /// How deep actions nest.
    private static let deepest = 50

    /// Whether text is a template, and not taken as it is.
    static func isMeant(by text: String) -> Bool { text.utf8.containsSequence(Array("{{".utf8)) }

    /// Reads a template.
    static func template(_ scalars: [Unicode.Scalar]) throws(TemplateFault) -> Template {
        var parser = TemplateParser(items: try TemplateLexer.items(of: scalars))
        let (body, end) = try parser.nodes(depth: 0)
        if let end { throw TemplateFault("there is nothing that \"\(end.word)\" could end", at: end.offset) }
        return Template(body: body, definitions: parser.definitions)
    }

    private init(items: [TemplateItem]) { self.items = items }

    /// What ends a list of nodes: `end`, or `else` with what follows it.
    private struct End {
        let word: String
        let rest: [TemplateToken]
        let offset: Int
    }

    private mutating func nodes(depth: Int) throws(TemplateFault) -> ([TemplateNode], End?) {
        var nodes: [TemplateNode] = []
        while index < items.count {
            let item = items[index]
            index += 1
            switch item {
            case .text(let text, let offset): nodes.append(.text(text, offset: offset))
            case .action(let tokens, let offset):
                guard depth < Self.deepest else {
                    throw TemplateFault("actions nest deeper than \(Self.deepest)", at: offset)
                }
                let word = Self.keyword(tokens)
                if word == "end" || word == "else" {
                    return (nodes, End(word: word, rest: Array(tokens.dropFirst()), offset: offset))
                }
                if let node = try node(word, tokens, offset, depth) { nodes.append(node) }
            }
        }
        return (nodes, nil)
    }

    private static func keyword(_ tokens: [TemplateToken]) -> String {
        if case .word(let word)? = tokens.first?.kind { word } else { "" }
    }

    private mutating func node(
        _ word: String, _ tokens: [TemplateToken], _ offset: Int, _ depth: Int
    ) throws(TemplateFault) -> TemplateNode? {
        let rest = Array(tokens.dropFirst())
        switch word {
        case "if": return try choice(rest, offset, depth, isWith: false)
        case "with": return try choice(rest, offset, depth, isWith: true)
        case "range": return try loop(rest, offset, depth)
        case "break", "continue":
            guard loops > 0, rest.isEmpty else {
                throw TemplateFault("\"\(word)\" stands alone, within a range", at: offset)
            }
            return word == "break" ? .leaveLoop : .nextRound
        case "define", "block": return try definition(word, rest, offset, depth)
        case "template":
            let name = try name(word, rest, offset)
            let argument = rest.count > 1 ? try pipeline(Array(rest.dropFirst()), offset) : nil
            return .call(name: name, argument: argument, offset: offset)
        default: return .value(try pipeline(tokens, offset))
        }
    }

    private mutating func choice(
        _ tokens: [TemplateToken], _ offset: Int, _ depth: Int, isWith: Bool
    ) throws(TemplateFault) -> TemplateNode {
        let condition = try pipeline(tokens, offset)
        let (then, end) = try nodes(depth: depth + 1)
        let otherwise = try otherwise(end, offset, depth, chains: [isWith ? "with" : "if"])
        return .choice(condition, isWith: isWith, then: then, otherwise: otherwise)
    }

    private mutating func loop(
        _ tokens: [TemplateToken], _ offset: Int, _ depth: Int
    ) throws(TemplateFault) -> TemplateNode {
        let over = try pipeline(tokens, offset, allowsTwo: true)
        loops += 1
        let (body, end) = try nodes(depth: depth + 1)
        loops -= 1
        return .loop(over, body: body, otherwise: try otherwise(end, offset, depth, chains: []))
    }

    /// What stands between `else` and `end`; `else if` is an `if` of its own there.
    private mutating func otherwise(
        _ end: End?, _ offset: Int, _ depth: Int, chains: [String]
    ) throws(TemplateFault) -> [TemplateNode] {
        guard let end else { throw TemplateFault("this has no \"end\"", at: offset, suggestion: "{{end}}") }
        if end.word == "end" {
            guard end.rest.isEmpty else { throw TemplateFault("\"end\" stands alone", at: end.offset) }
            return []
        }
        guard !end.rest.isEmpty else {
            let (nodes, last) = try nodes(depth: depth + 1)
            guard last?.word == "end" else { throw TemplateFault("this \"else\" has no \"end\"", at: end.offset) }
            return nodes
        }
        let word = Self.keyword(end.rest)
        guard chains.contains(word), depth < Self.deepest else {
            throw TemplateFault("\"else\" is followed by nothing, or by \(chains.joined())", at: end.offset)
        }
        return [try choice(Array(end.rest.dropFirst()), end.offset, depth + 1, isWith: word == "with")]
    }

    private mutating func definition(
        _ word: String, _ tokens: [TemplateToken], _ offset: Int, _ depth: Int
    ) throws(TemplateFault) -> TemplateNode? {
        let name = try name(word, tokens, offset)
        let isBlock = word == "block"
        let argument = isBlock ? try pipeline(Array(tokens.dropFirst()), offset) : nil
        let (body, end) = try nodes(depth: depth + 1)
        guard end?.word == "end" else { throw TemplateFault("this has no \"end\"", at: offset) }
        if !isBlock || definitions[name] == nil { definitions[name] = body }
        return isBlock ? .call(name: name, argument: argument, offset: offset) : nil
    }

    private func name(_ word: String, _ tokens: [TemplateToken], _ offset: Int) throws(TemplateFault) -> String {
        if case .constant(.text(let name))? = tokens.first?.kind { return name }
        throw TemplateFault("\"\(word)\" needs a name in quotes", at: offset)
    }

    private func pipeline(
        _ tokens: [TemplateToken], _ offset: Int, allowsTwo: Bool = false
    ) throws(TemplateFault) -> TemplatePipeline {
        var parser = TemplatePipelineParser(tokens, offset: offset)
        return try parser.whole(allowsTwo: allowsTwo)
    }
}
