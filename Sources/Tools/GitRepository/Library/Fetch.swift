import BakeModel
import Clibgit2
import LinuxSystem

/// One fetch: branches and tags, the branch of HEAD, and a commit by name where they do not lead to it.
struct Fetch {
    private let request: GitFetchRequest
    private let conversation: Conversation

    init(_ request: GitFetchRequest) throws {
        self.request = request
        conversation = Conversation(request)
    }

    func run() throws {
        let mirror = try MirrorDirectory.open(request.mirror)
        do {
            try fetchHeads(mirror)
            if let commit = request.commit, !has(commit, mirror) { try fetchByName(commit, mirror) }
        } catch let error as LibGitError {
            throw conversation.failure ?? Self.explain(error, request.url)
        }
    }

    /// libgit2's local transport says "object not found" where the source is a shallow clone.
    private static func explain(_ error: LibGitError, _ url: RemoteURL) -> FetchError {
        let isShallow = url.scheme == .file && error.isNotFound && error.message.contains("object not found")
        let cause = isShallow ? "; a shallow clone cannot be fetched from" : ""
        return error.code == GIT_ECERTIFICATE.rawValue
            ? .certificate(url.text) : .failed(url.text, error.reason + cause)
    }

    private func fetchHeads(_ mirror: borrowing Handle) throws {
        let remote = try connect(mirror)
        let heads = try RemoteHeads(remote)
        try download(remote, ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"])
        // After the download, which may fail, and before the update: `a` must go before `a/b` can come.
        try heads.removeOthers(from: mirror)
        try update(remote)
        if let branch = heads.defaultBranch {
            try LibGit.check("set HEAD of", request.mirror) { git_repository_set_head(mirror.pointer, branch) }
        }
    }

    private func fetchByName(_ commit: CommitID, _ mirror: borrowing Handle) throws {
        do {
            let remote = try connect(mirror)
            try download(remote, ["+\(commit):refs/bake/fetched/\(commit)"])
            try update(remote)
        } catch {
            throw FetchError.unreachable(request.url.text, commit)
        }
        guard has(commit, mirror) else { throw FetchError.unreachable(request.url.text, commit) }
    }

    private func has(_ commit: CommitID, _ mirror: borrowing Handle) -> Bool {
        guard var oid = try? LibGit.oid(commit.object) else { return false }
        let object = try? Handle("look for", commit.hex, free: git_commit_free) { [pointer = mirror.pointer] in
            git_commit_lookup(&$0, pointer, &oid)
        }
        git_error_clear()
        return object != nil
    }

    private func connect(_ mirror: borrowing Handle) throws(LibGitError) -> Handle {
        let url = request.url.text
        let remote = try Handle("fetch", url, free: git_remote_free) { [pointer = mirror.pointer] in
            git_remote_create_anonymous(&$0, pointer, url)
        }
        var callbacks = try conversation.callbacks()
        try conversation.withProxy { (proxy: inout git_proxy_options) throws(LibGitError) in
            try LibGit.check("fetch", url) {
                git_remote_connect(remote.pointer, GIT_DIRECTION_FETCH, &callbacks, &proxy, nil)
            }
        }
        return remote
    }

    private func download(_ remote: borrowing Handle, _ refspecs: [String]) throws(LibGitError) {
        var options = git_fetch_options()
        try LibGit.check("fetch", request.url.text) {
            git_fetch_options_init(&options, UInt32(GIT_FETCH_OPTIONS_VERSION))
        }
        options.callbacks = try conversation.callbacks()
        options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE
        options.update_fetchhead = 0
        let pointer = remote.pointer
        try LibGit.check("fetch", request.url.text) {
            CStrings.with(refspecs) { strings in
                var array = git_strarray(strings: strings, count: refspecs.count)
                return git_remote_download(pointer, &array, &options)
            }
        }
    }

    private func update(_ remote: borrowing Handle) throws(LibGitError) {
        var callbacks = try conversation.callbacks()
        let pointer = remote.pointer
        try LibGit.check("fetch", request.url.text) {
            git_remote_update_tips(pointer, &callbacks, 0, GIT_REMOTE_DOWNLOAD_TAGS_NONE, "bake fetch")
        }
    }
}
