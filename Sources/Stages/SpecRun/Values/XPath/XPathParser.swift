/// Reads the words of a path into an expression. XPath 1.0, 2 and 3.
struct XPathParser {
    private let tokens: [XPathToken]
    private var index = 0
    private var depth = 0
    private static let deepest = 50
    private static let nodeTypes: [String: XPathTest] = [
        "node": .node, "text": .text, "comment": .nothing, "processing-instruction": .nothing,
    ]
    /// Operators of one line bind equally, and closer than those of the lines before.
    private static let precedence: [[XPathOperator]] = [
        [.or], [.and], [.equal, .unequal], [.less, .lessOrEqual, .greater, .greaterOrEqual], [.plus, .minus],
        [.times, .div, .mod],
    ]

    static func expression(of text: String) throws(XPath.Fault) -> XPathExpression {
        var parser = XPathParser(tokens: try XPathLexer.tokens(of: text))
        let expression = try parser.expression()
        guard parser.index == parser.tokens.count else { throw parser.unexpected }
        return expression
    }

    private init(tokens: [XPathToken]) { self.tokens = tokens }

    private var next: XPathToken? { index < tokens.count ? tokens[index] : nil }
    private var afterNext: XPathToken? { index + 1 < tokens.count ? tokens[index + 1] : nil }

    private var unexpected: XPath.Fault {
        switch next {
        case nil: XPath.Fault(reason: "something is missing at its end")
        case .symbol(let text), .name(let text), .literal(let text):
            XPath.Fault(reason: "\"\(text)\" is not expected there")
        case .number(let number): XPath.Fault(reason: "\(number) is not expected there")
        }
    }

    private mutating func takes(_ symbol: String) -> Bool {
        guard next == .symbol(symbol) else { return false }
        index += 1
        return true
    }

    private mutating func take(_ symbol: String) throws(XPath.Fault) { if !takes(symbol) { throw unexpected } }

    private mutating func expression(_ level: Int = 0) throws(XPath.Fault) -> XPathExpression {
        guard level < Self.precedence.count else { return try unary() }
        var left = try expression(level + 1)
        while let sign = sign(among: Self.precedence[level]) {
            index += 1
            left = .binary(sign, left, try expression(level + 1))
        }
        return left
    }

    /// The operator that comes next, where it is one of these.
    private func sign(among operators: [XPathOperator]) -> XPathOperator? {
        switch next {
        case .symbol(let text), .name(let text):
            XPathOperator(rawValue: text).flatMap { operators.contains($0) ? $0 : nil }
        default: nil
        }
    }

    private mutating func unary() throws(XPath.Fault) -> XPathExpression {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.deepest else { throw XPath.Fault(reason: "it nests deeper than \(Self.deepest)") }
        if takes("-") { return .negated(try unary()) }
        var left = try path()
        while takes("|") { left = .binary(.union, left, try path()) }
        return left
    }

    private mutating func path() throws(XPath.Fault) -> XPathExpression {
        if takes("//") { return .path(.root, try steps(behind: [.anywhere])) }
        if takes("/") { return .path(.root, beginsStep ? try steps(behind: []) : []) }
        guard let primary = try primary() else { return .path(.context, try steps(behind: [])) }
        let predicates = try predicates()
        var steps: [XPathStep] = []
        if takes("//") {
            steps = try self.steps(behind: [.anywhere])
        } else if takes("/") {
            steps = try self.steps(behind: [])
        }
        return predicates.isEmpty && steps.isEmpty ? primary : .path(.nodes(primary, predicates), steps)
    }

    /// A literal, a number, a call or something in parentheses; nil where steps begin.
    private mutating func primary() throws(XPath.Fault) -> XPathExpression? {
        switch next {
        case .literal(let text):
            index += 1
            return .literal(text)
        case .number(let number):
            index += 1
            return .number(number)
        case .symbol("("):
            index += 1
            let inner = try expression()
            try take(")")
            return inner
        case .name(let name) where afterNext == .symbol("(") && Self.nodeTypes[name] == nil: return try call(name)
        default: return nil
        }
    }

    private mutating func call(_ name: String) throws(XPath.Fault) -> XPathExpression {
        guard let function = XPathFunction(rawValue: name) else {
            throw XPath.Fault(reason: "there is no function \(name)")
        }
        index += 2
        var arguments: [XPathExpression] = []
        if !takes(")") {
            repeat { arguments.append(try expression()) } while takes(",")
            try take(")")
        }
        guard function.arity.contains(arguments.count) else {
            throw XPath.Fault(reason: "\(name) does not take \(arguments.count) arguments")
        }
        return .call(function, arguments)
    }

    private var beginsStep: Bool {
        switch next {
        case .name, .symbol("."), .symbol(".."), .symbol("@"), .symbol("*"): true
        default: false
        }
    }

    private mutating func steps(behind first: [XPathStep]) throws(XPath.Fault) -> [XPathStep] {
        var steps = first
        while true {
            steps.append(try step())
            if takes("//") { steps.append(.anywhere) } else if !takes("/") { return steps }
        }
    }

    private mutating func step() throws(XPath.Fault) -> XPathStep {
        if takes("..") { return XPathStep(axis: .parent, test: .node) }
        if takes(".") { return XPathStep(axis: .`self`, test: .node) }
        var axis = XPathAxis.child
        if takes("@") {
            axis = .attribute
        } else if case .name(let name)? = next, afterNext == .symbol("::") {
            guard let named = XPathAxis(rawValue: name) else { throw XPath.Fault(reason: "there is no axis \(name)") }
            axis = named
            index += 2
        }
        return XPathStep(axis: axis, test: try test(), predicates: try predicates())
    }

    private mutating func test() throws(XPath.Fault) -> XPathTest {
        if takes("*") { return .any(prefix: nil) }
        guard case .name(let name)? = next else { throw unexpected }
        index += 1
        if let type = Self.nodeTypes[name], takes("(") {
            if case .literal? = next { index += 1 }
            try take(")")
            return type
        }
        return name.hasSuffix(":*") ? .any(prefix: String(name.dropLast(2))) : .name(name)
    }

    private mutating func predicates() throws(XPath.Fault) -> [XPathExpression] {
        var predicates: [XPathExpression] = []
        while takes("[") {
            predicates.append(try expression())
            try take("]")
        }
        return predicates
    }
}
