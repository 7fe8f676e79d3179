import BakeModel
import LinuxSystem

/// A small text file at the top of a branch of a repository elsewhere: every version is a commit, and is pushed.
public struct RemoteFile: Sendable {
    /// The repository.
    public let url: RemoteURL
    private let branch: String
    private let name: String
    private let mirror: GitMirror
    private let program: HelperProgram
    private let options: FetchOptions
    private static let limit = 1 << 20
    /// Somebody else may push to the same branch at the same time.
    private static let attempts = 10

    /// Names a file.
    /// - Parameters:
    ///   - branch: its name alone, `main`; it is made with the first version where it is missing.
    ///   - mirrors: the directory of mirrors, the store's `git/`.
    public init(
        _ url: RemoteURL, branch: String, name: String, mirrors: String, program: HelperProgram,
        options: FetchOptions = FetchOptions()
    ) {
        self.url = url
        self.branch = branch
        self.name = name
        mirror = GitMirror(of: url, in: mirrors)
        self.program = program
        self.options = options
    }

    /// What the branch holds and held, the newest first; nothing where branch or file are missing.
    /// - Parameter limit: how many commits are looked at.
    /// - Throws: an explained error where the other side cannot be reached.
    public func versions(limit: Int) throws -> [[UInt8]] {
        try mirror.fetch(nil, program: program, options: options)
        let reader = try GitReader.open(mirror.path, program: program)
        defer { reader.close() }
        guard let tip = try? reader.resolve("refs/heads/\(branch)") else { return [] }
        let path = try TreePath(cleaning: name)
        var versions: [[UInt8]] = []
        for id in try reader.log(from: tip, without: nil, limit: limit) {
            guard let item = try reader.item(at: path, in: try reader.commit(id).tree) else { continue }
            let bytes = try reader.blob(item.object, limit: Self.limit)
            if versions.last != bytes { versions.append(bytes) }
        }
        return versions
    }

    /// Makes a text the newest version: commits it behind what the other side has, and pushes that.
    /// - Throws: an explained error; the other side then is as before.
    public func write(_ text: String, message: String, author: Commit.Person) throws {
        try DurableFile.makeDirectories(mirror.path, sharing: .around(mirror.path))
        for _ in 0..<Self.attempts {
            if try push(text, message, author) { return }
            try mirror.fetch(nil, program: program, options: options)
        }
        throw PushError.moved(url.text, branch)
    }

    /// - Returns: false where the branch has commits that the mirror has not.
    private func push(_ text: String, _ message: String, _ author: Commit.Person) throws -> Bool {
        let lock = try FileLock.exclusive("\(mirror.path).lock")
        defer { withExtendedLifetime(lock) {} }
        let request = GitPushRequest(
            fetch: GitFetchRequest(
                url: url, mirror: mirror.path, commit: nil, options: options, limits: GitLimits()),
            commit: GitCommitRequest(
                repository: mirror.path, files: [.init(name: name, content: .text(text))], message: message,
                author: author, movesHead: false, addressSpace: GitLimits().addressSpace),
            branch: branch)
        let call = try HelperCall.start(program, GitPushHelper.name, request: request.json)
        do {
            return try call.finish(deadline: options.deadline).bool ?? true
        } catch let failure as HelperFailure {
            throw PushError.ended(url.text, failure.reason)
        }
    }
}

/// A push that did not come to its end.
public enum PushError: ExplainedError, Hashable {
    /// The helper died or was stopped by its limits.
    case ended(String, String)
    /// Others pushed again and again.
    case moved(String, String)
    /// The other side refused the branch.
    case refused(String, String)

    public var doing: String { "push to" }

    public var subject: String {
        switch self {
        case .ended(let url, _), .moved(let url, _), .refused(let url, _): url
        }
    }

    public var reason: String {
        switch self {
        case .ended(_, let text), .refused(_, let text): text
        case .moved(_, let branch): "others pushed to \(branch) again and again"
        }
    }

    public var exit: ExitCode { .failed }
}
