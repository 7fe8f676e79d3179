/// The repository that the record of a source names, whichever way it is spelled.
///
/// One repository: `ssh://git@HOST/PATH.git`, `git@HOST:PATH` and `https://HOST/PATH/`, because who serves the user `git` or
/// the certificate of a host decides what its paths are. Others are what they say: another user of ssh has a home of his own,
/// http proves no host, and a path is a path. Letters keep their case, but for those of schemes and hosts.
public struct RepositoryIdentity: Hashable, Sendable {
    /// One text for all spellings.
    public let text: String

    /// Takes a source as recorded, an address or a path.
    public init(_ source: String) {
        if let mark = source.firstRange(of: "://") {
            text = Self.address(source[..<mark.lowerBound].lowercased(), source[mark.upperBound...])
        } else if let colon = source.firstIndex(of: ":"), !source[..<colon].contains("/") {
            text = Self.secureShell(source[..<colon], source[source.index(after: colon)...])
        } else {
            text = Self.trimmed(source)
        }
    }

    private static func address(_ scheme: String, _ rest: Substring) -> String {
        let authority = rest.prefix { $0 != "/" }
        let path = trimmed(String(rest[authority.endIndex...]))
        let login = authority.lastIndex(of: "@")
        let user = login.map { String(authority[..<$0]) }
        let place = login.map { authority[authority.index(after: $0)...] } ?? authority
        let host = withoutPort(usual[scheme], place.lowercased())
        switch scheme {
        case "file": return path
        case "https" where user == nil, "ssh" where user == "git" && !host.contains(":"):
            return "https://\(host)\(withoutSuffix(path))"
        case "http": return "http://\(host)\(withoutSuffix(path))"
        default: return "\(scheme)://\(user.map { "\($0)@" } ?? "")\(host)\(withoutSuffix(path))"
        }
    }

    /// `USER@HOST:PATH`: for the user `git` a path of the server's, for others one below a home.
    private static func secureShell(_ login: Substring, _ path: Substring) -> String {
        let isRooted = path.hasPrefix("/") || login.hasPrefix("git@")
        let slash = path.hasPrefix("/") ? "" : isRooted ? "/" : "/~/"
        return address("ssh", "\(login)\(slash)\(path)")
    }

    private static let usual = ["https": ":443", "http": ":80", "ssh": ":22"]

    private static func withoutPort(_ port: String?, _ host: String) -> String {
        guard let port, host.hasSuffix(port) else { return host }
        return String(host.dropLast(port.count))
    }

    private static func withoutSuffix(_ path: String) -> String {
        path.hasSuffix(".git") ? trimmed(String(path.dropLast(4))) : path
    }

    /// Without slashes at the end; the root stays.
    private static func trimmed(_ path: String) -> String {
        var path = path[...]
        while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
        return String(path)
    }
}
