/// A part of a parsed template.
indirect enum TemplateNode: Hashable {
    /// Text as it is.
    case text(String, offset: Int)
    /// A value that is written out, or given to a variable.
    case value(TemplatePipeline)
    /// `if` and `with`.
    case choice(TemplatePipeline, isWith: Bool, then: [TemplateNode], otherwise: [TemplateNode])
    /// `range`.
    case loop(TemplatePipeline, body: [TemplateNode], otherwise: [TemplateNode])
    /// `template "name" value`.
    case call(name: String, argument: TemplatePipeline?, offset: Int)
    /// `break`, `continue`.
    case leaveLoop
    case nextRound
}

/// Commands, each of which gets the value of the one before as its last argument.
struct TemplatePipeline: Hashable {
    /// The variables that it gives a value to, without `$`.
    var variables: [String] = []
    /// Whether they are new ones, `:=`.
    var declares = false
    var commands: [TemplateCommand]
    let offset: Int
}

/// A value, or a function with its arguments.
struct TemplateCommand: Hashable {
    let operands: [TemplateOperand]
    let offset: Int
}

/// What stands in a command.
indirect enum TemplateOperand: Hashable {
    case dot
    case constant(DataValue)
    /// `.a.b`
    case fields([String], offset: Int)
    /// `$x.a.b`
    case variable(String, [String], offset: Int)
    /// A function's name.
    case function(String, offset: Int)
    /// `(…).a.b`
    case pipeline(TemplatePipeline, [String])

    /// Where it begins; nil for a constant.
    var offset: Int? {
        switch self {
        case .dot, .constant: nil
        case .fields(_, let offset), .variable(_, _, let offset), .function(_, let offset): offset
        case .pipeline(let pipeline, _): pipeline.offset
        }
    }
}

/// A template, ready to be filled in.
struct Template: Hashable {
    /// What is written.
    let body: [TemplateNode]
    /// What `define` and `block` named.
    let definitions: [String: [TemplateNode]]
}
