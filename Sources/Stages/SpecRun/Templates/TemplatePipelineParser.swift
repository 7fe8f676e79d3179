/// Reads the words of one action into a pipeline.
struct TemplatePipelineParser {
    private let tokens: [TemplateToken]
    private let offset: Int
    private var index = 0
    private static let deepest = 50

    init(_ tokens: [TemplateToken], offset: Int) {
        self.tokens = tokens
        self.offset = offset
    }

    /// The pipeline that all words make.
    /// - Parameter allowsTwo: whether two variables may be declared, as in a range.
    mutating func whole(allowsTwo: Bool) throws(TemplateFault) -> TemplatePipeline {
        let (variables, declares) = try variables(allowsTwo: allowsTwo)
        var pipeline = try pipeline(depth: 0)
        if let token { throw TemplateFault("there is no \"(\" for this", at: token.offset) }
        pipeline.variables = variables
        pipeline.declares = declares
        return pipeline
    }

    private var token: TemplateToken? { tokens[safely: index] }

    private func sign(at place: Int) -> String? {
        if case .sign(let sign)? = tokens[safely: place]?.kind { sign } else { nil }
    }

    private func variable(at place: Int) -> String? {
        if case .variable(let name)? = tokens[safely: place]?.kind { name } else { nil }
    }

    /// `$x :=`, `$x =`, and in a range `$i, $x :=`.
    private mutating func variables(allowsTwo: Bool) throws(TemplateFault) -> ([String], Bool) {
        guard let first = variable(at: 0) else { return ([], false) }
        var names = [first]
        var place = 1
        if sign(at: 1) == ",", let second = variable(at: 2) {
            guard allowsTwo else { throw TemplateFault("only a range declares two variables", at: tokens[1].offset) }
            names.append(second)
            place = 3
        }
        guard let sign = sign(at: place), [":=", "="].contains(sign) else { return ([], false) }
        index = place + 1
        return (names, sign == ":=")
    }

    private mutating func pipeline(depth: Int) throws(TemplateFault) -> TemplatePipeline {
        let start = token?.offset ?? offset
        guard depth < Self.deepest else {
            throw TemplateFault("parentheses nest deeper than \(Self.deepest)", at: start)
        }
        var commands = [try command(depth)]
        while sign(at: index) == "|" {
            index += 1
            commands.append(try command(depth))
            if case .constant = commands.last?.operands.first {
                throw TemplateFault("a value is given on to a function, and not to another value", at: start)
            }
        }
        return TemplatePipeline(commands: commands, offset: start)
    }

    private mutating func command(_ depth: Int) throws(TemplateFault) -> TemplateCommand {
        let start = token?.offset ?? offset
        var operands: [TemplateOperand] = []
        while let token, sign(at: index) != "|", sign(at: index) != ")" {
            if !operands.isEmpty, !token.followsSpace, sign(at: index) != "(" {
                throw TemplateFault("a space is missing before this", at: token.offset)
            }
            operands.append(try operand(depth))
        }
        guard !operands.isEmpty else { throw TemplateFault("a value is missing here", at: start) }
        return TemplateCommand(operands: operands, offset: start)
    }

    private mutating func operand(_ depth: Int) throws(TemplateFault) -> TemplateOperand {
        guard let token else { throw TemplateFault("a value is missing here", at: offset) }
        index += 1
        switch token.kind {
        case .word(let name): return .function(name, offset: token.offset)
        case .constant(let value): return .constant(value)
        case .dot: return .dot
        case .field(let name): return .fields([name] + fields(), offset: token.offset)
        case .variable(let name): return .variable(name, fields(), offset: token.offset)
        case .sign("("):
            let inner = try pipeline(depth: depth + 1)
            guard sign(at: index) == ")" else { throw TemplateFault("this \"(\" has no \")\"", at: token.offset) }
            index += 1
            return .pipeline(inner, fields())
        case .sign(let sign): throw TemplateFault("\"\(sign)\" has no place here", at: token.offset)
        }
    }

    private mutating func fields() -> [String] {
        var names: [String] = []
        while let token, !token.followsSpace, case .field(let name) = token.kind {
            names.append(name)
            index += 1
        }
        return names
    }
}
