import BakeModel
import Glibc
import LinuxSystem

/// A bare copy of a repository elsewhere: its branches and tags, and `refs/bake/`, which no fetch touches.
///
/// Only ever fetched into: it has no hooks, no work tree and no configuration but bake's own.
public struct GitMirror: Hashable, Sendable {
    /// What it is a copy of.
    public let url: RemoteURL
    /// The bare repository's directory.
    public let path: String

    /// Names the mirror of an address in a directory of mirrors, such as the store's `git/`.
    public init(of url: RemoteURL, in directory: String) {
        self.url = url
        path = "\(directory)/\(Digest.of(Array(url.text.utf8)).hex).git"
    }

    /// Brings the mirror up to date, making it first where it is missing. One fetch at a time; others wait.
    ///
    /// A full commit name that the mirror has already needs no network. One that no branch or tag leads to is asked
    /// for by name, which not every server grants.
    /// - Parameter revision: what is wanted afterwards; HEAD where nil.
    /// - Throws: an explained error where the other side cannot be reached or refuses; the mirror then is as before.
    public func fetch(
        _ revision: String?, program: HelperProgram, options: FetchOptions = FetchOptions(),
        limits: GitLimits = GitLimits()
    ) throws {
        try DurableFile.makeDirectories(path, sharing: .around(path))
        let lock = try FileLock.exclusive("\(path).lock")
        defer { withExtendedLifetime(lock) {} }
        let commit = revision.flatMap { CommitID($0) }
        if let commit, has(commit, program: program, limits: limits) { return }
        try confirmPresence()
        let request = GitFetchRequest(url: url, mirror: path, commit: commit, options: options, limits: limits)
        let call = try HelperCall.start(program, GitFetchHelper.name, request: request.json)
        do {
            _ = try call.finish(deadline: options.deadline)
        } catch let failure as HelperFailure {
            throw FetchError.ended(url.text, failure.reason)
        }
    }

    /// - Throws: `FetchError.absent` for a path of this machine where nothing is.
    private func confirmPresence() throws(FetchError) {
        // An escaped path is the library's to read.
        guard url.scheme == .file, let path = AddressParts(url.text)?.path, !path.contains("%") else { return }
        if access(path, F_OK) != 0, errno == ENOENT { throw .absent(url.text) }
    }

    private func has(_ commit: CommitID, program: HelperProgram, limits: GitLimits) -> Bool {
        guard let reader = try? GitReader.open(path, program: program, limits: limits) else { return false }
        defer { reader.close() }
        return (try? reader.commit(commit)) != nil
    }
}
