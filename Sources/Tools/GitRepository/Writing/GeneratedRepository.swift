import BakeModel
import LinuxSystem

/// A bare repository of bake's own in which generated files become commits, so that what is baked of them has a commit as
/// everything else has.
public struct GeneratedRepository: Hashable, Sendable {
    /// The repository's directory.
    public let path: String

    /// Names a repository; it is made with its first commit.
    public init(at path: String) { self.path = path }

    /// A file at the top of the tree.
    public struct File: Hashable, Sendable {
        /// Its name.
        public let name: String
        /// Where its bytes come from.
        public let content: Content

        /// Where bytes come from.
        public enum Content: Hashable, Sendable {
            /// This text.
            case text(String)
            /// A file of this machine, by its absolute path.
            case machine(String)
        }

        /// Describes a file.
        public init(name: String, content: Content) {
            self.name = name
            self.content = content
        }
    }

    /// Writes a commit of exactly these files. Where HEAD has the same files, that commit is the answer.
    /// - Parameters:
    ///   - author: who it is said to be by, and when.
    ///   - movingHead: whether HEAD shows the commit afterwards; without, nothing leads to it but its name.
    /// - Throws: an explained error; the repository then is as before, but for unreachable objects.
    public func commit(
        _ files: [File], message: String, author: Commit.Person, movingHead: Bool, program: HelperProgram,
        limits: GitLimits = GitLimits()
    ) throws -> CommitID {
        try DurableFile.makeDirectories(path, sharing: .around(path))
        let lock = try FileLock.exclusive("\(path).lock")
        defer { withExtendedLifetime(lock) {} }
        let request = GitCommitRequest(
            repository: path, files: files, message: message, author: author, movesHead: movingHead,
            addressSpace: limits.addressSpace)
        let answer = try HelperCall.start(program, GitCommitHelper.name, request: request.json)
            .finish(deadline: limits.deadline)
        guard let id = answer.string.flatMap({ CommitID($0) }) else {
            throw GitProtocolError(subject: "the name of the commit")
        }
        return id
    }
}
