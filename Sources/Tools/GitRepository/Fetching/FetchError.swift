import BakeModel

/// A fetch that did not come to its end.
public enum FetchError: ExplainedError, Hashable {
    /// The helper died or was stopped by its limits.
    case ended(String, String)
    /// The other side wants a login that bake does not have.
    case login(String, RemoteURL.Scheme)
    /// The ssh host's key is not the known one, or not known.
    case hostKey(String, KnownHosts.Finding)
    /// The https certificate is not valid for that host.
    case certificate(String)
    /// The other side has the branches and tags, but none leads to the commit, and it does not hand it out by name.
    case unreachable(String, CommitID)
    /// It is on this machine, and nothing is there.
    case absent(String)
    /// The library's own words.
    case failed(String, String)

    public var doing: String { "fetch" }

    public var subject: String {
        switch self {
        case .ended(let url, _), .login(let url, _), .hostKey(let url, _), .certificate(let url), .failed(let url, _),
            .unreachable(let url, _), .absent(let url):
            url
        }
    }

    public var reason: String {
        switch self {
        case .ended(_, let text), .failed(_, let text): text
        case .login(_, .ssh): "the host took none of the keys that ssh-agent offers"
        case .login: "the host wants a login"
        case .hostKey(_, let finding): finding.explanation
        case .unreachable(_, let commit): "none of its branches and tags leads to commit \(commit)"
        case .absent: "nothing is there"
        case .certificate: "its certificate is not valid for that host, or signed by nobody known"
        }
    }

    public var hint: String? {
        switch self {
        case .login(_, .ssh): "ssh-add -l shows the keys; RSA keys do not work, ed25519 ones do"
        case .login: "use its ssh:// address with a key in ssh-agent"
        case .hostKey(_, .unknown): "check its fingerprint, then add it: ssh-keyscan HOST >> ~/.ssh/known_hosts"
        case .hostKey: "find out why before you trust it"
        case .certificate: "name the file of certificates that signs it"
        case .unreachable: "push a branch or tag that leads to it"
        case .absent, .ended, .failed: nil
        }
    }

    public var exit: ExitCode {
        switch self {
        case .unreachable, .absent: .notFound
        case .ended, .login, .hostKey, .certificate, .failed: .failed
        }
    }
}
