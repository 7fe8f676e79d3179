import Clibgit2
import BakeModel

/// A revision that names no commit.
struct RevisionError: ExplainedError {
    let revision: String
    let cause: LibGitError

    var doing: String { "find the revision" }
    var subject: String { revision }
    var reason: String {
        if cause.isAmbiguous { return "more than one object has a name that begins so" }
        if cause.isNotFound {
            return revision == "HEAD" ? "the repository has no commit yet" : "the repository has none of that name"
        }
        return cause.reason
    }
    var hint: String? {
        if cause.isAmbiguous { return "give more digits" }
        return cause.isNotFound && revision == "HEAD" ? "git commit" : nil
    }
    var exit: ExitCode { cause.exit == .notFound || cause.message.contains("invalid") ? .notFound : .failed }
}

/// An object that other objects speak of and the repository does not have.
struct MissingObject: ExplainedError {
    let id: ObjectID
    let isShallow: Bool

    var doing: String { "read the git object" }
    var subject: String { id.hex }
    var reason: String {
        isShallow ? "the history of this shallow clone is cut off" : "the repository does not have it"
    }
    var hint: String? {
        isShallow
            ? "git fetch --unshallow"
            : "in a partial clone: git fetch --refetch --no-filter; else 'git fsck' tells what is missing"
    }
    var exit: ExitCode { .notFound }
}

extension ObjectKind {
    /// Reads the library's number for it.
    init(_ type: git_object_t, _ id: ObjectID) throws {
        switch type {
        case GIT_OBJECT_COMMIT: self = .commit
        case GIT_OBJECT_TREE: self = .tree
        case GIT_OBJECT_BLOB: self = .blob
        case GIT_OBJECT_TAG: self = .tag
        default: throw ObjectError.unreadable(id, "it is of no known kind")
        }
    }

    /// The library's number for it.
    var type: git_object_t {
        switch self {
        case .commit: GIT_OBJECT_COMMIT
        case .tree: GIT_OBJECT_TREE
        case .blob: GIT_OBJECT_BLOB
        case .tag: GIT_OBJECT_TAG
        }
    }
}
