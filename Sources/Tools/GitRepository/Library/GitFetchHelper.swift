import BakeModel
import Clibgit2
import Glibc
import LinuxSystem

/// The helper process that fetches a repository from elsewhere into a mirror.
public enum GitFetchHelper {
    /// Its name on the command line.
    public static let name = "git-fetch"

    /// Fetches once and ends.
    public static func serve() -> Never {
        HelperService.serve { json in
            let request = try GitFetchRequest(json)
            try prepare(request)
            try Fetch(request).run()
            return .null
        }
    }

    /// Sets limits, and libgit2 up for the network.
    static func prepare(_ request: GitFetchRequest) throws {
        try limit(request)
        if case .group(let othersRead) = Sharing.of(request.mirror) { umask(othersRead ? 0o002 : 0o007) }
        if request.url.scheme == .ssh { try prepareSecureShell(request) }
        try LibGit.start()
        try trust(request.options.certificates)
    }

    private static func limit(_ request: GitFetchRequest) throws {
        try ResourceLimit.noCore()
        try ResourceLimit.fileSize(request.options.packBytes)
        try ResourceLimit.addressSpace(request.addressSpace)
    }

    /// libssh2 finds the agent, and libgit2 its home directory, in the environment, which is otherwise empty.
    private static func prepareSecureShell(_ request: GitFetchRequest) throws {
        if let agent = request.options.agentSocket { setenv("SSH_AUTH_SOCK", agent, 1) }
        setenv("HOME", request.mirror, 1)
        let text = request.knownHosts.text(host: request.url.host, port: request.url.port)
        let sharing = Sharing.of(request.mirror)
        try DurableFile.makeDirectories("\(request.mirror)/.ssh", mode: 0o700, sharing: sharing)
        try DurableFile.replace("\(request.mirror)/.ssh/known_hosts", with: Array(text.utf8), sharing: sharing)
    }

    private static func trust(_ certificates: String?) throws {
        try LibGit.set(GIT_OPT_ENABLE_FSYNC_GITDIR, 1)
        guard let certificates, access(certificates, R_OK) == 0 else { return }
        try LibGit.check("read the certificates", certificates) { clibgit2_set_certificates(certificates) }
    }
}
