import BakeModel

/// A change of a tree by bake itself, without any program.
public enum TreeEdit: Hashable, Sendable {
    /// Removes what matches a pattern: a path whose parts may have `*` and `?`, as in the shell; a part `**` stands for
    /// any number of parts. No match is fine.
    case remove(String)
    /// Removes what matches a pattern, and is an error where nothing does.
    case removeFound(String)
    /// Makes a file empty, and leaves owner and mode. A missing one is fine.
    case empty(TreePath)
    /// Gives a file other bytes, and leaves owner and mode.
    case fill(TreePath, [UInt8])
    /// Makes a file, or replaces it by a new one that root owns. Its directory must exist.
    case write(TreePath, [UInt8], mode: UInt16)
    /// Makes a directory, and those above it, which root owns. One that is there is left as it is.
    case makeDirectory(TreePath, mode: UInt16, owner: Owner)
}

/// A change that a tree does not take.
public enum TreeEditFault: ExplainedError, Hashable {
    /// Nothing matches the pattern.
    case noMatch(String)
    /// There is no regular file of that path.
    case noFile(TreePath)

    public var doing: String {
        switch self {
        case .noMatch: "remove"
        case .noFile: "change"
        }
    }

    public var subject: String {
        switch self {
        case .noMatch(let pattern): "/\(pattern)"
        case .noFile(let path): "/\(path)"
        }
    }

    public var reason: String {
        switch self {
        case .noMatch: "nothing in the root matches"
        case .noFile: "it is no regular file of the root"
        }
    }
}
