import BakeModel

/// What a fetch may use of the machine. Everything is passed in: a library reads no environment.
public struct FetchOptions: Hashable, Sendable {
    /// A file of certificates that https trusts.
    public var certificates: String? = "/etc/ssl/certs/ca-certificates.crt"
    /// The socket of ssh-agent, `SSH_AUTH_SOCK`; without it ssh addresses are refused by the other side.
    public var agentSocket: String?
    /// Files of known ssh hosts, as `known_hosts` in sshd(8) describes them; missing ones are skipped.
    public var knownHosts: [String] = ["/etc/ssh/ssh_known_hosts"]
    /// The proxy for http and https, `http://HOST:PORT`.
    public var proxy: String?
    /// Seconds until a fetch is given up.
    public var deadline: Double = 1800
    /// Bytes of the largest file that the fetch may write: one pack.
    public var packBytes: UInt64 = 16 << 30

    /// The machine's certificates and known hosts, no agent, no proxy.
    public init() {}
}
