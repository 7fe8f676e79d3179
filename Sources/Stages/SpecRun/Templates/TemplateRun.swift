/// Fills in a template. Go's text/template/exec.go, with `missingkey=error`.
struct TemplateRun {
    private let template: Template
    private let functions: TemplateFunctions
    private(set) var output = TemplateOutput()
    private var budget = TemplateBudget()
    private var variables: [(name: String, value: DataValue)] = []
    private var depth = 0
    /// How deep templates call each other, and blocks and values nest.
    private static let deepest = 100

    /// What happens after a node.
    private enum Flow { case onwards, leaveLoop, nextRound }

    private init(_ template: Template, _ functions: TemplateFunctions) {
        self.template = template
        self.functions = functions
    }

    /// The template with its values.
    static func output(
        of template: Template, data: DataValue, functions: TemplateFunctions
    ) throws(TemplateFault) -> TemplateOutput {
        var run = TemplateRun(template, functions)
        run.variables = [("", data)]
        _ = try run.write(template.body, dot: data)
        return run.output
    }

    private mutating func write(_ nodes: [TemplateNode], dot: DataValue) throws(TemplateFault) -> Flow {
        depth += 1
        defer { depth -= 1 }
        for node in nodes {
            try budget.charge()
            let flow = try write(node, dot)
            if flow != .onwards { return flow }
        }
        return .onwards
    }

    private mutating func write(_ node: TemplateNode, _ dot: DataValue) throws(TemplateFault) -> Flow {
        switch node {
        case .text(let text, let offset): try output.append(text, from: offset, isLiteral: true)
        case .value(let pipeline):
            let value = try evaluate(pipeline, dot)
            guard pipeline.variables.isEmpty else { break }
            try place(pipeline.offset) { try $0.budget.charge(value) }
            try output.append(GoText.text(of: value), from: pipeline.offset, isLiteral: false)
        case .choice(let condition, let isWith, let then, let otherwise):
            return try choose(condition, isWith, then, otherwise, dot)
        case .loop(let over, let body, let otherwise): return try loop(over, body, otherwise, dot)
        case .call(let name, let argument, let offset): try call(name, argument, offset, dot)
        case .leaveLoop: return .leaveLoop
        case .nextRound: return .nextRound
        }
        return .onwards
    }

    private mutating func choose(
        _ condition: TemplatePipeline, _ isWith: Bool, _ then: [TemplateNode], _ otherwise: [TemplateNode],
        _ dot: DataValue
    ) throws(TemplateFault) -> Flow {
        let mark = variables.count
        defer { variables.removeLast(variables.count - mark) }
        let value = try evaluate(condition, dot)
        return value.isTrue ? try write(then, dot: isWith ? value : dot) : try write(otherwise, dot: dot)
    }

    private mutating func loop(
        _ over: TemplatePipeline, _ body: [TemplateNode], _ otherwise: [TemplateNode], _ dot: DataValue
    ) throws(TemplateFault) -> Flow {
        let mark = variables.count
        defer { variables.removeLast(variables.count - mark) }
        var plain = over
        plain.variables = []
        let rounds = try rounds(try evaluate(plain, dot), over.offset)
        if rounds.isEmpty { return try write(otherwise, dot: dot) }
        let inner = variables.count
        for (key, value) in rounds {
            try set(over, key, value)
            let flow = try write(body, dot: value)
            variables.removeLast(variables.count - inner)
            if flow == .leaveLoop { break }
        }
        return .onwards
    }

    private mutating func set(_ over: TemplatePipeline, _ key: DataValue, _ value: DataValue) throws(TemplateFault) {
        let values = over.variables.count == 2 ? [key, value] : [value]
        for (name, value) in zip(over.variables, values) { try set(name, value, over) }
    }

    private func rounds(_ value: DataValue, _ offset: Int) throws(TemplateFault) -> [(DataValue, DataValue)] {
        switch value {
        case .null: return []
        case .list(let items): return items.enumerated().map { (.integer(Int64($0.offset)), $0.element) }
        case .map: return value.sortedMembers.map { (.text($0.key), $0.value) }
        case .integer(let count) where count <= 100_000:
            return (0..<max(0, count)).map { (.integer($0), .integer($0)) }
        default: throw TemplateFault("range goes over a list or a map, not over \(value.kind)", at: offset)
        }
    }

    private mutating func call(
        _ name: String, _ argument: TemplatePipeline?, _ offset: Int, _ dot: DataValue
    ) throws(TemplateFault) {
        guard let body = template.definitions[name] else {
            throw TemplateFault("there is no template \"\(name)\"", at: offset)
        }
        guard depth < Self.deepest else { throw TemplateFault("templates call each other too deep", at: offset) }
        var value = DataValue.null
        if let argument { value = try evaluate(argument, dot) }
        let outer = variables
        variables = [("", value)]
        _ = try write(body, dot: value)
        variables = outer
    }

    private mutating func evaluate(_ pipeline: TemplatePipeline, _ dot: DataValue) throws(TemplateFault) -> DataValue {
        var value: DataValue?
        for command in pipeline.commands { value = try evaluate(command, dot, given: value) }
        let result = value ?? .null
        for name in pipeline.variables { try set(name, result, pipeline) }
        return result
    }

    private mutating func set(_ name: String, _ value: DataValue, _ pipeline: TemplatePipeline) throws(TemplateFault) {
        if pipeline.declares { return variables.append((name, value)) }
        guard let index = variables.lastIndex(where: { $0.name == name }) else {
            throw TemplateFault("there is no variable $\(name)", at: pipeline.offset, suggestion: "$\(name) := …")
        }
        variables[index].value = value
    }

    private mutating func evaluate(
        _ command: TemplateCommand, _ dot: DataValue, given: DataValue?
    ) throws(TemplateFault) -> DataValue {
        try budget.charge()
        guard let first = command.operands.first else { return .null }
        if case .function(let name, let offset) = first {
            return try apply(name, Array(command.operands.dropFirst()), given, dot, offset)
        }
        guard command.operands.count == 1, given == nil else {
            throw TemplateFault("this is no function, and takes no arguments", at: first.offset ?? command.offset)
        }
        return try value(of: first, dot)
    }

    private mutating func value(of operand: TemplateOperand, _ dot: DataValue) throws(TemplateFault) -> DataValue {
        switch operand {
        case .dot: return dot
        case .constant(let value): return value
        case .fields(let names, let offset): return try fields(names, of: dot, offset)
        case .variable(let name, let names, let offset):
            guard let value = variables.last(where: { $0.name == name })?.value else {
                throw TemplateFault("there is no variable $\(name)", at: offset, suggestion: "$\(name) := …")
            }
            return try fields(names, of: value, offset)
        case .function(let name, let offset): return try apply(name, [], nil, dot, offset)
        case .pipeline(let pipeline, let names):
            return try fields(names, of: try evaluate(pipeline, dot), pipeline.offset)
        }
    }

    private func fields(_ names: [String], of value: DataValue, _ offset: Int) throws(TemplateFault) -> DataValue {
        var value = value
        for name in names {
            guard case .map(let members) = value else {
                throw TemplateFault("\(value.kind) has no \"\(name)\"", at: offset)
            }
            guard let member = members[name] else {
                throw TemplateFault(
                    "there is no \"\(name)\" here", at: offset, suggestion: TemplateHints.missing(name, members.keys))
            }
            value = member
        }
        return value
    }

    /// `and` and `or` look at no more arguments than they need.
    private mutating func apply(
        _ name: String, _ operands: [TemplateOperand], _ given: DataValue?, _ dot: DataValue, _ offset: Int
    ) throws(TemplateFault) -> DataValue {
        guard let function = functions[name] else {
            throw TemplateFault(
                "there is no function \"\(name)\"", at: offset, suggestion: functions.suggestion(for: name))
        }
        let stops: Bool? = name == "and" ? false : name == "or" ? true : nil
        var arguments: [DataValue] = []
        for operand in operands {
            arguments.append(try value(of: operand, dot))
            if let stops, arguments.last?.isTrue == stops { return arguments.last ?? .null }
        }
        if let given { arguments.append(given) }
        let values = arguments
        return try place(offset) { run in
            for value in values { try run.budget.charge(value) }
            let result = try function.apply(TemplateArguments(name, values))
            try run.budget.charge(result)
            return result
        }
    }

    private mutating func place<Value>(
        _ offset: Int, _ body: (inout TemplateRun) throws -> Value
    ) throws(TemplateFault) -> Value {
        do { return try body(&self) } catch {
            throw (error as? TemplateFault ?? TemplateFault(String(describing: error))).at(offset)
        }
    }
}

extension DataValue {
    /// Whether templates take it for true: not zero, not empty, not nothing.
    var isTrue: Bool {
        switch self {
        case .null: false
        case .bool(let value): value
        case .integer(let value): value != 0
        case .decimal(let value): value != 0
        case .text(let text): !text.isEmpty
        case .list(let items): !items.isEmpty
        case .map(let members): !members.isEmpty
        }
    }
}
