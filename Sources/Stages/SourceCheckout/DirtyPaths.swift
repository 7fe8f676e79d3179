import BakeModel
import GitRepository

/// What makes a work tree differ from its commit, as far as a bake would read it.
public struct DirtyPaths: Hashable, Sendable {
    /// Tracked paths that differ from HEAD.
    public let modified: [TreePath]
    /// Untracked paths that the pipeline would read.
    public let untracked: [TreePath]

    /// Whether the commit says everything.
    public var isEmpty: Bool { modified.isEmpty && untracked.isEmpty }
}

extension Checkout {
    /// What of the work tree is not in HEAD: every tracked path that differs, and those untracked ones that are read.
    /// Empty where there is no work tree.
    /// - Parameter isRead: whether the pipeline reads a path, such as its own file or one that an `add:` matches.
    /// - Throws: where there are more changes than `GitLimits.statusPaths`.
    public func dirtyPaths(readBy isRead: (TreePath) -> Bool) throws -> DirtyPaths {
        guard let status = try status() else { return DirtyPaths(modified: [], untracked: []) }
        let dirty = DirtyPaths(modified: status.modified, untracked: status.untracked.filter(isRead))
        if status.isCutOff, dirty.isEmpty { throw TooManyChanges(top: facts.top) }
        return dirty
    }
}

/// A commit would not say what the work tree holds.
public struct DirtyTree: ExplainedError, Hashable {
    /// The work tree.
    public let top: String
    /// What differs.
    public let paths: DirtyPaths

    /// Refuses a work tree.
    public init(top: String, paths: DirtyPaths) {
        self.top = top
        self.paths = paths
    }

    public var doing: String { "bake the work tree" }
    public var subject: String { top }
    public var reason: String {
        [
            Self.clause(paths.modified, "differs from HEAD", "differ from HEAD"),
            Self.clause(paths.untracked, "is not in git", "are not in git"),
        ].compactMap(\.self).joined(separator: "; ")
    }
    public var hint: String? {
        "git commit, or --commit HEAD for what is committed, or --draft for an image without a number"
    }
    public var exit: ExitCode { .usage }

    private static func clause(_ paths: [TreePath], _ one: String, _ many: String) -> String? {
        if paths.isEmpty { return nil }
        let shown = paths.prefix(3).map(\.description).joined(separator: ", ")
        let rest = paths.count > 3 ? " and \(paths.count - 3) more" : ""
        return "\(shown)\(rest) \(paths.count == 1 ? one : many)"
    }
}

struct TooManyChanges: ExplainedError {
    let top: String
    let doing = "compare with HEAD"
    var subject: String { top }
    let reason = "too many files differ or are untracked"
    let hint: String? = "name them in .gitignore, or bake with --commit HEAD"
    let exit = ExitCode.usage
}
