/// An address cut into its parts, none of them judged yet. RFC 3986, and the `USER@HOST:PATH` of ssh.
struct AddressParts {
    let scheme: String
    let user: String?
    let hasPassword: Bool
    let host: String
    let port: UInt16?
    /// The host as written, with its port.
    let hostAndPort: String
    /// What follows, with the slash before it.
    let path: String

    /// Cuts `SCHEME://[USER[:PASSWORD]@]HOST[:PORT]/PATH`; nil for everything else.
    init?(_ text: String) {
        guard let mark = text.firstRange(of: "://") else { return nil }
        let authority = text[mark.upperBound...].prefix { !"/?#".contains($0) }
        path = String(text[authority.endIndex...])
        scheme = text[..<mark.lowerBound].lowercased()
        // The last '@': a password may hold one.
        let at = authority.lastIndex(of: "@")
        let login = at.map { authority[..<$0] }
        user = login.map { String($0.prefix { $0 != ":" }) }
        hasPassword = login?.contains(":") ?? false
        hostAndPort = String(authority[(at.map { authority.index(after: $0) } ?? authority.startIndex)...])
        guard let (host, port) = Self.split(hostAndPort) else { return nil }
        self.host = host
        self.port = port
    }

    /// Cuts `[USER@]HOST:PATH`; nil where a slash comes before the colon, for that is a path.
    init?(secureShell text: String) {
        guard !text.contains("://"), let colon = text.firstIndex(of: ":"), colon > text.startIndex,
            !text[..<colon].contains("/")
        else { return nil }
        let login = text[..<colon].split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        scheme = "ssh"
        user = login.count == 2 ? String(login[0]) : nil
        hasPassword = false
        host = String(login[login.count - 1])
        port = nil
        hostAndPort = host
        path = String(text[text.index(after: colon)...])
    }

    /// `HOST`, `HOST:PORT` or `[ADDRESS]:PORT`; nil where the port is no number.
    private static func split(_ text: String) -> (String, UInt16?)? {
        if text.hasPrefix("["), let close = text.firstIndex(of: "]") {
            let host = String(text[text.index(after: text.startIndex)..<close])
            let rest = text[text.index(after: close)...]
            if rest.isEmpty { return (host, nil) }
            return rest.hasPrefix(":") ? UInt16(rest.dropFirst()).map { (host, $0) } : nil
        }
        guard let colon = text.lastIndex(of: ":") else { return (text, nil) }
        return UInt16(text[text.index(after: colon)...]).map { (String(text[..<colon]), $0) }
    }
}
