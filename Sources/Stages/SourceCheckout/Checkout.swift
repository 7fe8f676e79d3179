import BakeModel
import GitRepository
import LinuxSystem

/// A commit and the tree of its files: what every bake starts from.
///
/// Nothing is written: files are read from the repository's objects when they are asked for, each with its hash checked.
public struct Checkout: Sendable {
    /// The commit.
    public let commit: Commit
    /// Its files.
    public let tree: CommittedTree
    /// Where it came from, for the record: the URL (of `origin`, for a local repository that has one) without password,
    /// else the repository's absolute path.
    public let source: String
    /// What is known of the repository that is read: the local one, or the mirror of the URL.
    public let facts: RepositoryFacts
    private let reader: GitReader
    private let isLocal: Bool

    /// Finds a commit in a repository on this machine and reads its tree.
    /// - Parameters:
    ///   - path: the repository, or a directory of its work tree.
    ///   - revision: HEAD where nil.
    public static func local(
        _ path: String, revision: String?, program: HelperProgram, limits: GitLimits = GitLimits()
    ) throws -> Checkout {
        let reader = try GitReader.open(path, program: program, limits: limits)
        let source = reader.facts.origin ?? reader.facts.top
        return try Checkout(reader, revision: revision, source: source, isLocal: true)
    }

    /// Fetches a repository from elsewhere into its mirror, finds a commit there and reads its tree.
    /// - Parameters:
    ///   - revision: a branch, tag or commit; the other side's HEAD where nil.
    ///   - mirrors: the directory of mirrors, the store's `git/`.
    public static func remote(
        _ url: RemoteURL, revision: String?, mirrors: String, program: HelperProgram,
        options: FetchOptions = FetchOptions(), limits: GitLimits = GitLimits()
    ) throws -> Checkout {
        let mirror = GitMirror(of: url, in: mirrors)
        try mirror.fetch(revision, program: program, options: options, limits: limits)
        let reader = try GitReader.open(mirror.path, program: program, limits: limits)
        return try Checkout(reader, revision: revision, source: url.text, isLocal: false)
    }

    private init(_ reader: GitReader, revision: String?, source: String, isLocal: Bool) throws {
        self.reader = reader
        self.source = source
        self.isLocal = isLocal
        facts = reader.facts
        commit = try reader.commit(try reader.resolve(revision))
        tree = try reader.files(of: commit.tree)
    }

    /// Reads a file of the commit, such as `bake.yaml`.
    /// - Throws: `PathError` where there is no such file; `ObjectError` where it is larger than `limit` or damaged.
    public func read(_ path: TreePath, limit: Int) throws -> [UInt8] {
        guard let file = file(path) else { throw notFound(path.description) }
        guard file.mode != .symlink else { throw PathError.symlink(path.description, commit.id) }
        return try reader.blob(file.object, limit: limit)
    }

    /// Reads the bytes of a file, or the target of a symbolic link.
    public func read(_ file: CommittedFile, limit: Int) throws -> [UInt8] {
        try reader.blob(file.object, limit: limit)
    }

    /// Reads the bytes of a file as a stream; unproved until this returns. The closures must not use this checkout.
    public func read(
        _ file: CommittedFile, limit: Int, size: (Int) throws -> Void, bytes: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        try reader.blob(file.object, limit: limit, size: size, bytes: bytes)
    }

    /// The number of bytes of a file, proved only by reading it.
    public func size(of file: CommittedFile) throws -> Int { try reader.size(of: file.object) }

    /// Whether `ancestor` is this commit or one that it follows.
    public func follows(_ ancestor: CommitID) throws -> Bool { try reader.isAncestor(ancestor, of: commit.id) }

    /// Whether the first commit is the second or one that the second follows.
    public func isAncestor(_ ancestor: CommitID, of commit: CommitID) throws -> Bool {
        try reader.isAncestor(ancestor, of: commit)
    }

    /// The commits of this one's history that are not of `older`'s, newest first.
    public func log(without older: CommitID?, limit: Int) throws -> [CommitID] {
        try reader.log(from: commit.id, without: older, limit: limit)
    }

    /// How the work tree differs from HEAD; nil where there is none.
    func status() throws -> WorkTreeStatus? { isLocal && !facts.isBare ? try reader.status() : nil }

    /// The work tree's path; nil where there is none.
    var workTree: String? { isLocal && !facts.isBare ? facts.top : nil }

    /// The file of that path, found by bisection: files are sorted by path.
    func file(_ path: TreePath) -> CommittedFile? {
        var (low, high) = (0, tree.files.count)
        while low < high {
            let middle = (low + high) / 2
            if tree.files[middle].path < path { low = middle + 1 } else { high = middle }
        }
        return low < tree.files.count && tree.files[low].path == path ? tree.files[low] : nil
    }
}
