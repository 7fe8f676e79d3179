/// The words of a path. XPath 1.0, 3.7.
enum XPathToken: Hashable {
    case symbol(String)
    case name(String)
    case number(Double)
    case literal(String)
}

/// Cuts a path into words.
struct XPathLexer {
    private var rest: Substring
    private var tokens: [XPathToken] = []
    private static let symbols = [
        "..", "::", "//", "!=", "<=", ">=", "(", ")", "[", "]", ".", "@", ",", "/", "|", "+", "-", "=", "<", ">", "*",
    ]
    private static let most = 1000

    static func tokens(of text: String) throws(XPath.Fault) -> [XPathToken] {
        var lexer = XPathLexer(rest: text[...])
        while let token = try lexer.next() {
            lexer.tokens.append(token)
            guard lexer.tokens.count <= most else { throw XPath.Fault(reason: "it has more than \(most) words") }
        }
        return lexer.tokens
    }

    private init(rest: Substring) { self.rest = rest }

    private mutating func next() throws(XPath.Fault) -> XPathToken? {
        rest = rest.drop { " \t\r\n".contains($0) }
        guard let first = rest.first else { return nil }
        if first == "'" || first == "\"" { return try literal(first) }
        if Self.isDigit(first) || (first == "." && rest.dropFirst().first.map(Self.isDigit) == true) { return number() }
        if first.isLetter || first == "_" { return name() }
        guard let symbol = Self.symbols.first(where: rest.hasPrefix) else {
            throw XPath.Fault(reason: "\"\(first)\" has no place in it")
        }
        rest = rest.dropFirst(symbol.count)
        return .symbol(symbol)
    }

    private mutating func literal(_ quote: Character) throws(XPath.Fault) -> XPathToken {
        let text = rest.dropFirst()
        guard let end = text.firstIndex(of: quote) else { throw XPath.Fault(reason: "a \(quote) has no end") }
        rest = text[text.index(after: end)...]
        return .literal(String(text[..<end]))
    }

    private mutating func number() -> XPathToken {
        let digits = rest.prefix { Self.isDigit($0) || $0 == "." }
        rest = rest.dropFirst(digits.count)
        return .number(
            Double(digits.hasSuffix(".") ? "\(digits)0" : digits.hasPrefix(".") ? "0\(digits)" : "\(digits)") ?? .nan)
    }

    /// A name with its prefix, `a:b`, or a prefix with anything, `a:*`. An axis's `::` is no part of it.
    private mutating func name() -> XPathToken {
        var name = String(part())
        if rest.hasPrefix(":"), !rest.hasPrefix("::") {
            let behind = rest.dropFirst()
            if behind.hasPrefix("*") {
                rest = behind.dropFirst()
                return .name("\(name):*")
            }
            if let first = behind.first, first.isLetter || first == "_" {
                rest = behind
                name += ":" + part()
            }
        }
        return .name(name)
    }

    private mutating func part() -> Substring {
        let part = rest.prefix { $0.isLetter || $0.isNumber || "_-.".contains($0) }
        rest = rest.dropFirst(part.count)
        return part
    }

    private static func isDigit(_ character: Character) -> Bool { "0"..."9" ~= character }
}
