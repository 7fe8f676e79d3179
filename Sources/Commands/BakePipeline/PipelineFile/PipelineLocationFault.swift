import BakeModel

/// Why no one pipeline file is meant.
public enum PipelineLocationFault: ExplainedError, Hashable {
    /// The commit has none; perhaps one with the ending that bake does not look for.
    case none(misnamed: String?)
    /// The commit has several, and none was named.
    case several(choices: [String])
    /// There is none of this name or at this path.
    case unknown(String, choices: [String])

    public var doing: String { "find" }

    public var subject: String {
        switch self {
        case .none, .several: "the pipeline file"
        case .unknown(let choice, _): "the pipeline \(choice)"
        }
    }

    public var reason: String {
        switch self {
        case .none: "the commit has neither bake.yaml nor bake/NAME.yaml"
        case .several(let choices): "the commit has \(choices.count): \(choices.joined(separator: ", "))"
        case .unknown(_, let choices) where choices.isEmpty: "the commit has no pipeline file"
        case .unknown(_, let choices): "the commit has \(choices.joined(separator: ", "))"
        }
    }

    public var hint: String? {
        switch self {
        case .none(let misnamed?): "git mv \(misnamed) bake.yaml"
        case .none: "bake init writes one; only what is committed counts"
        case .several(let choices): choices.first.map { "name one, as in: bake build \($0), bake lock \($0)" }
        case .unknown(let choice, _) where choice.hasPrefix("/"):
            "a repository elsewhere on this machine is named as file://\(choice)"
        case .unknown(let choice, let choices): Spelling.suggestion(for: choice, in: choices)
        }
    }

    public var exit: ExitCode {
        if case .several = self { .usage } else { .notFound }
    }
}
