import BakeModel

/// Why something could not be had from a registry.
public enum RegistryError: ExplainedError, Hashable {
    /// No machine of that name is known.
    case unknownHost(String, host: String)
    /// The machine does not answer, or breaks off again and again: libcurl's words.
    case unreachable(String, host: String, String)
    /// Its certificate is not valid for that host.
    case certificate(String, host: String)
    /// It wants a login, or refuses the one that was tried.
    case login(String, Attempt)
    /// It does not have it: its own words.
    case notFound(String, String)
    /// It answers with another status.
    case status(String, Int, String)
    /// It sends elsewhere without end, or from https to http.
    case redirect(String, String)
    /// The bytes are not those of the digest.
    case otherDigest(String, claimed: Digest, found: Digest)
    /// It sends more than the limit, in bytes.
    case tooLong(String, limit: UInt64)
    /// It sends fewer bytes than it said.
    case truncated(String, claimed: UInt64, found: UInt64)
    /// What it answers cannot be understood, and why.
    case malformed(String, String)
    /// A file of logins is no JSON.
    case badLoginFile(String)
    /// The helper process died or was stopped by its limits.
    case ended(String, String)

    /// How a login was tried.
    public enum Attempt: Hashable, Sendable {
        /// Nobody has one: the registry, and the files that were looked at.
        case none(registry: String, files: [String])
        /// A program keeps it, and programs are not run.
        case program(registry: String, files: [String])
        /// The registry refused this user of this file.
        case refused(user: String, file: String)
        /// It wants none of the ways that bake knows.
        case unknownScheme([String])
    }

    public var doing: String {
        if case .badLoginFile = self { "read the logins of" } else { "fetch" }
    }

    public var subject: String {
        switch self {
        case .unknownHost(let name, _), .unreachable(let name, _, _), .certificate(let name, _), .login(let name, _),
            .notFound(let name, _), .status(let name, _, _), .redirect(let name, _), .otherDigest(let name, _, _),
            .tooLong(let name, _), .truncated(let name, _, _), .malformed(let name, _), .badLoginFile(let name),
            .ended(let name, _):
            name
        }
    }

    public var reason: String {
        switch self {
        case .unknownHost(_, let host): "no machine is known by the name \(host)"
        case .unreachable(_, let host, let words): "\(host) gives no whole answer: \(words)"
        case .certificate(_, let host):
            "the certificate of \(host) is not valid for that host, or signed by nobody known"
        case .login(_, let attempt): attempt.explanation
        case .notFound(_, let words): "the registry does not have it" + (words.isEmpty ? "" : ": \(words)")
        case .status(_, let status, let words):
            "the registry answers with status \(status)" + (words.isEmpty ? "" : ": \(words)")
        case .redirect(_, let why): why
        case .otherDigest(_, let claimed, let found):
            "the registry sent bytes of \(found) for \(claimed); it is damaged or hostile"
        case .tooLong(_, let limit): "the registry sends more than \(limit) bytes"
        case .truncated(_, let claimed, let found): "the registry sent \(found) of \(claimed) bytes"
        case .malformed(_, let why), .ended(_, let why): why
        case .badLoginFile: "it is no JSON object"
        }
    }

    public var hint: String? {
        switch self {
        case .login(_, .none(let registry, _)), .login(_, .program(let registry, _)):
            "skopeo login \(registry) --authfile FILE, then REGISTRY_AUTH_FILE=FILE bake …"
        case .login(_, .refused): "log in again: skopeo login, or docker login"
        case .certificate: "name the file of certificates that signs it: SSL_CERT_FILE=FILE"
        case .unreachable(_, _, let words) where words.contains("SSL"):
            "docker+http:// where the registry speaks plain http, which neither encrypts nor says who answers"
        case .unreachable, .unknownHost: "is a proxy needed? https_proxy and no_proxy are honoured"
        default: nil
        }
    }

    public var exit: ExitCode {
        switch self {
        case .notFound: .notFound
        case .badLoginFile: .usage
        default: .failed
        }
    }
}

extension RegistryError.Attempt {
    fileprivate var explanation: String {
        switch self {
        case .none(let registry, let files):
            "it wants a login (or does not exist), and there is none for \(registry)\(Self.places(files))"
        case .program(let registry, let files):
            "it wants a login (or does not exist), and that for \(registry) is kept by a program, which bake does not run"
                + Self.places(files)
        case .refused(let user, let file): "it refuses the login of \(user) from \(file)"
        case .unknownScheme(let schemes):
            schemes.isEmpty
                ? "it refuses to answer and does not say which login it wants"
                : "it wants a login by \(schemes.joined(separator: " or ")), and bake knows bearer and basic"
        }
    }

    private static func places(_ files: [String]) -> String {
        files.isEmpty ? "; no file of logins was found" : " in \(files.joined(separator: " or "))"
    }
}
