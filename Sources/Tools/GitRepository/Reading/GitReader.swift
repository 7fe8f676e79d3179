import BakeModel
import LinuxSystem

/// One repository on this machine, read by a helper process; every object's hash is checked on this side.
///
/// libgit2 runs in the helper, because a damaged object can make it loop or crash. Safe to use from many threads; they
/// take turns.
public final class GitReader: Sendable {
    /// What is known of the repository.
    public let facts: RepositoryFacts
    /// How much it may cost.
    public let limits: GitLimits
    let session: HelperSession

    /// Opens the repository at a path: a work tree or a directory below one (looked for upwards, on the same file
    /// system), a `.git` directory or file, or a bare repository.
    /// - Throws: `RemoteError` with exit `notFound` where there is no repository, or one that libgit2 cannot read.
    public static func open(
        _ path: String, program: HelperProgram, limits: GitLimits = GitLimits()
    ) throws -> GitReader {
        let request = GitReadRequest(path: path, limits: limits)
        let session = try HelperSession(program, GitReadHelper.name, request: request.json)
        let answer = try session.ask(nil, deadline: limits.deadline) { try $0.value() }
        guard let facts = RepositoryFacts(answer) else { throw GitProtocolError(subject: path) }
        return GitReader(facts: facts, limits: limits, session: session)
    }

    private init(facts: RepositoryFacts, limits: GitLimits, session: HelperSession) {
        self.facts = facts
        self.limits = limits
        self.session = session
    }

    /// Ends the helper. It ends by itself when the last reference goes.
    public func close() { session.close() }

    /// Finds the commit that a revision names (`main`, `v1.2`, `HEAD~3`, a full or short object name); HEAD where nil.
    /// Tags are followed through bytes whose hash was checked.
    /// - Throws: an error with exit `notFound` where nothing, or more than one object, has that name.
    public func resolve(_ revision: String?) throws -> CommitID {
        let answer = try ask(["ask": .string("resolve"), "revision": .string(revision ?? "HEAD")])
        guard var id = answer.string.flatMap({ ObjectID($0) }) else { throw GitProtocolError(subject: "resolve") }
        for _ in 0..<10 {
            let (kind, bytes) = try read(id, limit: limits.documentBytes)
            switch kind {
            case .commit: return CommitID(id)
            case .tag: id = try Self.tagged(id, bytes)
            case .tree, .blob: throw ObjectError.wrongKind(id, expected: .commit, found: kind.rawValue)
            }
        }
        throw ObjectError.malformed(id, .tag, "tags of tags without end")
    }

    private static func tagged(_ id: ObjectID, _ bytes: [UInt8]) throws -> ObjectID {
        let line = String(decoding: bytes.prefix { $0 != 0x0a }, as: UTF8.self)
        guard line.hasPrefix("object "), let target = ObjectID(line.dropFirst(7)) else {
            throw ObjectError.malformed(id, .tag, "it names no object")
        }
        return target
    }

    /// Reads a commit.
    public func commit(_ id: CommitID) throws -> Commit {
        try CommitParser.parse(id, object(id.object, .commit, limit: limits.documentBytes))
    }

    /// Reads one directory. Names are checked: sorted, no duplicates, nothing that leaves the directory or poses as `.git`.
    public func tree(_ id: ObjectID) throws -> [TreeItem] {
        try TreeParser.parse(id, object(id, .tree, limit: limits.documentBytes))
    }

    /// Reads all directories below a tree.
    /// - Parameter path: where the tree is, below the commit's root: put before the path of every file.
    public func files(of tree: ObjectID, at path: TreePath = .root) throws -> CommittedTree {
        try TreeWalk(tree, at: path, self).tree()
    }

    /// Finds what has a path below a tree, reading only the directories on the way; nil where nothing has it.
    public func item(at path: TreePath, in tree: ObjectID) throws -> TreeItem? {
        var found = TreeItem(mode: .directory, name: [], object: tree)
        for part in path.parts {
            guard found.mode == .directory else { return found.mode == .submodule ? found : nil }
            guard let next = try self.tree(found.object).first(where: { $0.name.elementsEqual(part) }) else {
                return nil
            }
            found = next
        }
        return found
    }

    /// Reads a file's bytes, or the target of a link.
    /// - Throws: `ObjectError.tooLarge` where there are more than `limit` bytes.
    public func blob(_ id: ObjectID, limit: Int) throws -> [UInt8] { try object(id, .blob, limit: limit) }
}

/// The helper answered something that this side does not understand.
struct GitProtocolError: ExplainedError {
    let doing = "read the answer about"
    let subject: String
    let reason = "it is malformed"
}
