import BakeModel
import Clibgit2
import Glibc
import LinuxSystem

/// The helper process that commits behind a mirror's branch and pushes that to where the mirror is of.
public enum GitPushHelper {
    /// Its name on the command line.
    public static let name = "git-push"

    /// Pushes once and ends.
    public static func serve() -> Never {
        HelperService.serve { json in
            let request = try GitPushRequest(json)
            try GitFetchHelper.prepare(request.fetch)
            return .bool(try Push(request).run())
        }
    }
}

/// One push of one commit.
final class Push {
    private let request: GitPushRequest
    private let conversation: Conversation
    private let writer: CommitWriter
    private var url: String { request.fetch.url.text }
    private var branch: String { "refs/heads/\(request.branch)" }
    /// What the mirror calls the commit until the other side has it.
    private static let local = "refs/bake/pushed"

    init(_ request: GitPushRequest) throws {
        self.request = request
        conversation = Conversation(request.fetch)
        writer = try CommitWriter(request.commit)
    }

    /// Commits and pushes.
    /// - Returns: false where the other side has commits that the mirror has not.
    func run() throws -> Bool {
        let commit = try writer.write(behind: branch)
        try writer.name(commit, Self.local)
        do { try push() } catch let error as LibGitError {
            if error.code == GIT_ENONFASTFORWARD.rawValue { return false }
            if let failure = conversation.failure { throw failure }
            throw FetchError.failed(url, error.reason)
        }
        if let refusal = conversation.refusal { throw PushError.refused(url, refusal) }
        try writer.name(commit, branch)
        return true
    }

    private func push() throws {
        let remote = try Handle("push to", url, free: git_remote_free) {
            git_remote_create_anonymous(&$0, self.writer.repository, self.url)
        }
        var options = git_push_options()
        try LibGit.check("push to", url) { git_push_options_init(&options, UInt32(GIT_PUSH_OPTIONS_VERSION)) }
        options.callbacks = try conversation.callbacks()
        let specification = ["\(Self.local):\(branch)"]
        try conversation.withProxy { (proxy: inout git_proxy_options) throws(LibGitError) in
            options.proxy_opts = proxy
            try LibGit.check("push to", self.url) {
                CStrings.with(specification) { strings in
                    var array = git_strarray(strings: strings, count: 1)
                    return git_remote_push(remote.pointer, &array, &options)
                }
            }
        }
    }
}
