import BakeModel
import RootFilesystem

/// Why a stage could not be built.
public enum LayerFault: ExplainedError {
    /// A rule of `add:` selects nothing.
    case nothingToAdd(String, to: TreePath)
    /// A path of the output of a stage that has none.
    case noOutput(TreePath)
    /// A command ended with something else than 0.
    case commandFailed(String, ending: String, lastLines: String)
    /// A command ran into one of its limits.
    case limitExceeded(String, ExceededLimit, SandboxLimits, lastLines: String)
    /// A command with network gave something else than what the lock pins.
    case fetchedOther(StageName, locked: DiffID, found: DiffID)
    /// A command needs a secret that nobody gave.
    case missingSecret(StageName, String)
    /// An imported root cannot be used, and why.
    case unusableImport(String, String)

    public var doing: String {
        switch self {
        case .nothingToAdd, .noOutput: "add files to the stage"
        case .commandFailed, .limitExceeded: "run the command"
        case .fetchedOther: "accept what was fetched by the stage"
        case .missingSecret: "run the command of the stage"
        case .unusableImport: "import the root"
        }
    }

    public var subject: String {
        switch self {
        case .nothingToAdd(let source, let destination): "\(source) → /\(destination)"
        case .noOutput(let path): path.description
        case .commandFailed(let command, _, _), .limitExceeded(let command, _, _, _):
            command.split(separator: "\n").first.map(String.init) ?? command
        case .fetchedOther(let stage, _, _): stage.text
        case .missingSecret(let stage, _): stage.text
        case .unusableImport(let path, _): path
        }
    }

    public var reason: String {
        switch self {
        case .nothingToAdd: "nothing matches"
        case .noOutput: "the stage has no output"
        case .commandFailed(_, let ending, let lines): lines.isEmpty ? ending : "\(ending)\n\(lines)"
        case .limitExceeded(_, let exceeded, let limits, let lines):
            limits.explanation(of: exceeded) + (lines.isEmpty ? "" : "\n\(lines)")
        case .fetchedOther(_, let locked, let found):
            "its output is \(found), and the lock pins \(locked)"
        case .missingSecret(_, let name): "it reads the secret \(name), and none was given"
        case .unusableImport(_, let why): why
        }
    }

    public var hint: String? {
        switch self {
        case .nothingToAdd: "only committed files count: git add, git commit"
        case .noOutput: "give it 'output:', or name a path of its root: STAGE:/path"
        case .commandFailed: nil
        case .limitExceeded(_, .memory, _, _): "where it needs more, say so in the stage: limits: { memory: 4G }"
        case .limitExceeded(_, .processes, _, _):
            "where it needs more, say so in the stage: limits: { processes: 8192 }"
        case .limitExceeded(_, .space, _, _): "free some there: bake gc --cache"
        case .limitExceeded(_, .time, _, _): "where it needs more, say so in the stage: limits: { time: 2h }"
        case .missingSecret(_, let name): "--secret \(name)=FILE"
        case .fetchedOther: "where the new content is meant: bake lock --update, then git commit"
        case .unusableImport: nil
        }
    }
}
