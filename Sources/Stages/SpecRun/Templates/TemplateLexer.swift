/// Takes a template apart into text and actions. Go's text/template/parse/lex.go.
struct TemplateLexer {
    private let scalars: [Unicode.Scalar]
    private var position = 0

    /// The parts of a template. Text beside `{{-` and `-}}` has lost its white space there.
    static func items(of scalars: [Unicode.Scalar]) throws(TemplateFault) -> [TemplateItem] {
        var lexer = TemplateLexer(scalars: scalars)
        return try lexer.items()
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    private mutating func items() throws(TemplateFault) -> [TemplateItem] {
        var items: [TemplateItem] = []
        var trims = false
        while position < scalars.count {
            let start = position
            let end = next("{{", from: start) ?? scalars.count
            let isTrimmedAfter = end + 3 < scalars.count && scalars[end + 2] == "-" && isSpace(end + 3)
            appendText(from: start, to: end, trimStart: trims, trimEnd: isTrimmedAfter, to: &items)
            guard end < scalars.count else { break }
            position = end + (isTrimmedAfter ? 3 : 2)
            if isComment {
                trims = try skipComment(from: end)
            } else {
                let (tokens, trimsNext) = try action(from: end)
                items.append(.action(tokens, offset: end))
                trims = trimsNext
            }
        }
        return items
    }

    private func appendText(
        from start: Int, to end: Int, trimStart: Bool, trimEnd: Bool, to items: inout [TemplateItem]
    ) {
        var (first, last) = (start, end)
        if trimStart { while first < last, isSpace(first) { first += 1 } }
        if trimEnd { while last > first, isSpace(last - 1) { last -= 1 } }
        guard first < last else { return }
        items.append(.text(Self.string(scalars[first..<last]), offset: first))
    }

    private var isComment: Bool {
        var place = position
        while place < scalars.count, isSpace(place) { place += 1 }
        return has("/*", at: place)
    }

    /// - Returns: whether the text after it loses its white space.
    private mutating func skipComment(from start: Int) throws(TemplateFault) -> Bool {
        guard let end = next("*/", from: position) else {
            throw TemplateFault("this comment has no end", at: start, suggestion: "it ends with */}}")
        }
        position = end + 2
        guard let trims = close() else {
            throw TemplateFault("a comment stands alone between {{ and }}", at: start)
        }
        return trims
    }

    private mutating func action(from start: Int) throws(TemplateFault) -> ([TemplateToken], Bool) {
        var tokens: [TemplateToken] = []
        while true {
            let begin = position
            while position < scalars.count, isSpace(position) { position += 1 }
            if let trims = close() { return (tokens, trims) }
            guard position < scalars.count else {
                throw TemplateFault("this action has no end", at: start, suggestion: "it ends with }}")
            }
            let offset = position
            let kind = try token()
            tokens.append(TemplateToken(kind: kind, offset: offset, followsSpace: offset > begin))
        }
    }

    /// Passes over `}}` or ` -}}`; nil where something else stands here.
    private mutating func close() -> Bool? {
        var place = position
        while place < scalars.count, isSpace(place) { place += 1 }
        if has("-}}", at: place), place > 0, isSpace(place - 1) {
            position = place + 3
            return true
        }
        guard has("}}", at: place) else { return nil }
        position = place + 2
        return false
    }

    private mutating func token() throws(TemplateFault) -> TemplateToken.Kind {
        let scalar = scalars[position]
        switch scalar {
        case "\"": return .constant(.text(try TemplateLiteral.quoted(scalars, &position)))
        case "`": return .constant(.text(try TemplateLiteral.raw(scalars, &position)))
        case "'": return .constant(.integer(try TemplateLiteral.character(scalars, &position)))
        case "|", "(", ")", ",", "=": return sign(1)
        case ":" where has(":=", at: position): return sign(2)
        case "$": return .variable(name(after: 1))
        case ".":
            if let digit = scalars[safely: position + 1], ("0"..."9").contains(digit) { return try number() }
            let name = name(after: 1)
            return name.isEmpty ? .dot : .field(name)
        case "0"..."9", "+", "-": return try number()
        default: return try word()
        }
    }

    private mutating func sign(_ length: Int) -> TemplateToken.Kind {
        defer { position += length }
        return .sign(Self.string(scalars[position..<(position + length)]))
    }

    private mutating func number() throws(TemplateFault) -> TemplateToken.Kind {
        let start = position
        position += 1
        while let scalar = scalars[safely: position], Self.isNamePart(scalar) || "+-.".unicodeScalars.contains(scalar) {
            if "+-".unicodeScalars.contains(scalar), !["e", "E"].contains(scalars[position - 1]) { break }
            position += 1
        }
        let text = Self.string(scalars[start..<position])
        guard let value = TemplateLiteral.number(text) else {
            throw TemplateFault("\"\(text)\" is no number", at: start)
        }
        return .constant(value)
    }

    private mutating func word() throws(TemplateFault) -> TemplateToken.Kind {
        let start = position
        let word = name(after: 0)
        switch word {
        case "": throw TemplateFault("\"\(scalars[start])\" has no place in an action", at: start)
        case "true": return .constant(.bool(true))
        case "false": return .constant(.bool(false))
        case "nil": return .constant(.null)
        default: return .word(word)
        }
    }

    private mutating func name(after skipped: Int) -> String {
        position += skipped
        let start = position
        while let scalar = scalars[safely: position], Self.isNamePart(scalar) { position += 1 }
        return Self.string(scalars[start..<position])
    }

    private func isSpace(_ index: Int) -> Bool { [" ", "\t", "\r", "\n"].contains(scalars[index]) }

    private func has(_ text: String, at index: Int) -> Bool {
        scalars[min(index, scalars.count)...].starts(with: text.unicodeScalars)
    }

    private func next(_ text: String, from start: Int) -> Int? {
        guard let first = text.unicodeScalars.first else { return nil }
        return (start..<max(start, scalars.count)).first { scalars[$0] == first && has(text, at: $0) }
    }

    private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(scalars))
    }
}

extension Array {
    /// The element; nil beyond the ends.
    subscript(safely index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
