import BakeModel
import GitRepository
import LinuxSystem

/// A commit and the tree of its files: what every bake starts from. Safe to use from many threads.
///
/// Nothing is written: files are read when they are asked for, each with its hash checked, from the repository's objects or
/// from a work tree that has the same bytes.
public struct Checkout: Sendable {
    /// The commit.
    public let commit: Commit
    /// Where it came from, for the record: the URL (of `origin`, for a local repository that has one) without password,
    /// else the repository's absolute path.
    public let source: String
    /// What is known of the repository that is read: the local one, or the mirror of the URL.
    public let facts: RepositoryFacts
    let reader: GitReader
    private let isLocal: Bool
    private let whole: WholeTree
    /// What of the work tree stands in for the commit's files; nil for the commit as it is.
    let work: WorkFiles?

    /// Finds a commit in a repository on this machine.
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

    /// The files of a work tree as they stand, also where nothing is committed yet: what a lock is made for.
    public static func workTree(_ path: String, program: HelperProgram) throws -> Checkout {
        let reader = try GitReader.open(path, program: program, limits: GitLimits())
        guard reader.facts.isUnborn, let commit = Commit.unborn() else {
            return try Checkout(reader, revision: nil, source: reader.facts.top, isLocal: true).draft()
        }
        let tree = CommittedTree(root: commit.tree, files: [], submodules: [])
        return try Checkout(reader, commit: commit, tree: tree).draft()
    }

    private init(_ reader: GitReader, commit: Commit, tree: CommittedTree) {
        self.reader = reader
        self.commit = commit
        source = reader.facts.top
        isLocal = true
        work = nil
        whole = WholeTree(tree)
        facts = reader.facts
    }

    /// Fetches a repository from elsewhere into its mirror and finds a commit there.
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
        work = nil
        whole = WholeTree()
        facts = reader.facts
        commit = try reader.commit(try reader.resolve(revision))
    }

    /// Another commit of the same repository, without what a work tree changed.
    /// - Throws: where the repository has it not.
    public func sibling(_ commit: CommitID) throws -> Checkout {
        try Checkout(reader, revision: commit.hex, source: source, isLocal: isLocal)
    }

    /// All its files. Read once, when they are first asked for; `select` and `read` read only the directories they need.
    public var tree: CommittedTree {
        get throws { try whole.get { try reader.files(of: commit.tree) } }
    }

    private init(_ checkout: Checkout, _ work: WorkFiles, _ tree: CommittedTree) {
        reader = checkout.reader
        source = checkout.source
        isLocal = checkout.isLocal
        facts = checkout.facts
        commit = checkout.commit
        whole = WholeTree(tree)
        self.work = work
    }

    /// The same commit with what the work tree changed, added and removed, as far as git does not ignore it.
    /// - Throws: `DraftWithoutWorkTree` for a bare repository or a URL.
    public func draft() throws -> Checkout {
        guard let status = try status() else { throw DraftWithoutWorkTree(source: source) }
        let paths = status.modified + status.untracked
        let work = WorkFiles(top: facts.top, paths: Set(paths))
        return Checkout(self, work, try tree.overlaid(by: work, at: paths))
    }

    /// Keeps the commit and its files in a repository of bake's own, as long as something was baked from it that is kept.
    /// A commit whose files the work tree changed is not kept: the image is not of it alone.
    public func keep(in keeping: CommitKeeping, group: String, program: HelperProgram) throws {
        guard work == nil else { return }
        try keeping.keep(commit.id, group: group, from: facts.gitDirectory, program: program, limits: reader.limits)
    }

    /// Reads a file of the commit, such as `bake.yaml`.
    /// - Throws: `PathError` where there is no such file; `ObjectError` where it is larger than `limit` or damaged.
    public func read(_ path: TreePath, limit: Int) throws -> [UInt8] {
        guard let file = try file(path) else { throw try notFound(path.description) }
        guard file.mode != .symlink else { throw PathError.symlink(path.description, commit.id) }
        return try read(file, limit: limit)
    }

    /// Reads the bytes of a file, or the target of a symbolic link.
    public func read(_ file: CommittedFile, limit: Int) throws -> [UInt8] {
        if let work, work.holds(file.path) { return try work.read(file) }
        return try reader.blob(file.object, limit: limit)
    }

    /// Reads several files at once, all of them into memory; each from the work tree where that has the same bytes.
    /// - Parameter limit: bytes of one of them.
    public func read(_ files: [CommittedFile], limit: Int) throws -> [[UInt8]] {
        if let work, files.contains(where: { work.holds($0.path) }) {
            return try files.map { try read($0, limit: limit) }
        }
        let copies = workTree.flatMap(WorkTreeCopies.init)?.bytes(of: files, limit: limit)
        guard let copies else { return try reader.blobs(files.map(\.object), limit: limit) }
        let missing = zip(files, copies).filter { $1 == nil }.map(\.0.object)
        var blobs = try reader.blobs(missing, limit: limit)[...]
        return copies.map { $0 ?? blobs.removeFirst() }
    }

    /// The numbers of bytes of files, proved only by reading them.
    public func sizes(of files: [CommittedFile]) throws -> [Int] {
        let isCommitted = files.map { file in !(work?.holds(file.path) ?? false) }
        var committed = try reader.sizes(of: zip(files, isCommitted).filter(\.1).map(\.0.object))[...]
        return try zip(files, isCommitted).map { file, isCommitted in
            guard isCommitted, let size = committed.popFirst() else { return try work?.read(file).count ?? 0 }
            return size
        }
    }

    /// Whether `ancestor` is this commit or one that it follows.
    public func follows(_ ancestor: CommitID) throws -> Bool { try reader.isAncestor(ancestor, of: commit.id) }

    /// Whether the first commit is the second or one that the second follows.
    public func isAncestor(_ ancestor: CommitID, of commit: CommitID) throws -> Bool {
        try reader.isAncestor(ancestor, of: commit)
    }

    /// Whether this commit is one of a branch: of `origin`'s where the repository has that, as of its last fetch; else of
    /// its own. A branch that is not there has no commits.
    public func isOn(branch: String) throws -> Bool {
        let name = isLocal && facts.origin != nil ? "refs/remotes/origin/\(branch)" : "refs/heads/\(branch)"
        guard let tip = try? reader.resolve(name) else { return false }
        return try reader.isAncestor(commit.id, of: tip)
    }

    /// The commits of this one's history that are not of `older`'s, newest first.
    public func log(without older: CommitID?, limit: Int) throws -> [CommitID] {
        try reader.log(from: commit.id, without: older, limit: limit)
    }

    /// How the work tree differs from HEAD; nil where there is none.
    func status() throws -> WorkTreeStatus? { isLocal && !facts.isBare ? try reader.status() : nil }

    /// The work tree's path; nil where there is none.
    var workTree: String? { isLocal && !facts.isBare ? facts.top : nil }
}
