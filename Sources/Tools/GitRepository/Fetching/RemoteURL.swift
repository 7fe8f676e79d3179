import BakeModel

/// The address of a repository elsewhere: `file:///PATH`, `http://`, `https://`, `ssh://USER@HOST/PATH` or `USER@HOST:PATH`.
///
/// A value exists only for an address without password, so it may be recorded and shown.
public struct RemoteURL: Hashable, Sendable, CustomStringConvertible {
    /// How it is reached.
    public enum Scheme: String, Hashable, Sendable {
        case file, http, https, ssh
    }

    /// The address as it was given.
    public let text: String
    /// How it is reached.
    public let scheme: Scheme
    /// The machine; empty for `file`.
    public let host: String
    /// The port, where it is not the usual one.
    public let port: UInt16?
    /// The user of an ssh address.
    public let user: String?

    /// Whether text is meant as an address and not as a path: it has a scheme, or a host before a colon.
    public static func isAddress(_ text: String) -> Bool {
        text.contains("://") || AddressParts(secureShell: text) != nil
    }

    /// Reads an address.
    /// - Throws: where the scheme is another, or a password or token stands in it.
    public init(parsing text: String) throws(RemoteURLError) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }), text.utf8.count <= 2048 else {
            throw .malformed(Self.withoutCredentials(text))
        }
        guard let parts = AddressParts(text) ?? AddressParts(secureShell: text) else {
            throw .malformed(Self.withoutCredentials(text))
        }
        let shown = Self.withoutCredentials(text)
        guard let scheme = Scheme(rawValue: parts.scheme) else { throw .scheme(shown, parts.scheme) }
        guard !parts.hasPassword, scheme == .ssh || parts.user == nil else { throw .credentials(shown) }
        guard Self.isComplete(parts, scheme) else { throw .malformed(shown) }
        self.text = text
        self.scheme = scheme
        host = scheme == .file ? "" : parts.host
        port = parts.port
        user = parts.user
    }

    /// A host that begins with a hyphen could be taken for an option by a program that it is given to.
    private static func isComplete(_ parts: AddressParts, _ scheme: Scheme) -> Bool {
        if scheme == .file { return ["", "localhost"].contains(parts.host) && parts.path.hasPrefix("/") }
        return !parts.host.isEmpty && !parts.host.hasPrefix("-") && !parts.path.isEmpty
    }

    /// The address, which holds no secret.
    public var description: String { text }

    /// Any address without what may be secret: the password, and for other schemes than ssh the user, who may be a token.
    public static func withoutCredentials(_ text: String) -> String {
        guard let parts = AddressParts(text), let user = parts.user else { return text }
        let kept = parts.scheme == "ssh" ? "\(user)@" : ""
        return "\(parts.scheme)://\(kept)\(parts.hostAndPort)\(parts.path)"
    }
}

/// An address that bake does not fetch from.
public enum RemoteURLError: ExplainedError, Hashable {
    /// It is no address.
    case malformed(String)
    /// Its scheme is not one of the four.
    case scheme(String, String)
    /// A user, password or token stands in it.
    case credentials(String)

    public var doing: String { "take the repository's address" }

    public var subject: String {
        switch self {
        case .malformed(let text), .scheme(let text, _), .credentials(let text): text
        }
    }

    public var reason: String {
        switch self {
        case .malformed: "it is malformed"
        case .scheme(_, "git"): "git:// neither encrypts nor says who answers"
        case .scheme(_, let scheme): "the scheme '\(scheme)' is not one of https, http, ssh and file"
        case .credentials: "a user or password stands in it, and would be recorded"
        }
    }

    public var hint: String? {
        switch self {
        case .malformed: "https://HOST/PATH, ssh://USER@HOST/PATH or file:///PATH"
        case .scheme: "https:// or ssh://"
        case .credentials: "ssh:// with a key in ssh-agent, or https:// without a user where it may be read by all"
        }
    }

    public var exit: ExitCode { .usage }
}
