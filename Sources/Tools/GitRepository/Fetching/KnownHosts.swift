import BakeModel

/// The host keys that a user trusts, as `known_hosts` files list them (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT").
public struct KnownHosts: Sendable {
    /// What the files say about a key.
    public enum Finding: String, Hashable, Sendable {
        /// They list it.
        case known
        /// They list no key of that kind for the host.
        case unknown
        /// They list another key of that kind for the host.
        case changed
        /// They list it as one that must never be taken.
        case revoked

        var explanation: String {
            switch self {
            case .known: "the host's key is known"
            case .unknown: "the host's key is in no known_hosts file"
            case .changed: "the host's key is not the one in known_hosts: somebody may be in between"
            case .revoked: "the host's key is marked as revoked in known_hosts"
            }
        }
    }

    private struct Line {
        let isRevoked: Bool
        let hosts: HostNames
        let key: [UInt8]
    }

    private let lines: [Line]

    /// Reads the text of known_hosts files; lines that are not understood are skipped, as ssh does.
    public init(texts: [String]) {
        lines = texts.flatMap { $0.split(separator: "\n").compactMap(Self.line) }
    }

    private static func line(_ text: Substring) -> Line? {
        var words = text.split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard let first = words.first, !first.hasPrefix("#") else { return nil }
        // @cert-authority lines vouch for certificates, which libssh2 does not offer.
        if first.hasPrefix("@") {
            guard first == "@revoked" else { return nil }
            words.removeFirst()
        }
        guard words.count >= 3, let key = Base64.bytes(words[2]) else { return nil }
        return Line(isRevoked: first == "@revoked", hosts: HostNames(words[0]), key: key)
    }

    /// What the files say about a key of a host.
    /// - Parameters:
    ///   - port: nil for 22.
    ///   - key: the key as it goes over the wire; it begins with the name of its kind.
    public func find(host: String, port: UInt16?, key: [UInt8]) -> Finding {
        let candidates = lines(about: host, port)
        if candidates.contains(where: { $0.isRevoked && $0.key == key }) { return .revoked }
        let trusted = candidates.filter { !$0.isRevoked }
        if trusted.contains(where: { $0.key == key }) { return .known }
        return trusted.contains { Self.kind($0.key) == Self.kind(key) } ? .changed : .unknown
    }

    /// The keys trusted for a host, as the lines of a known_hosts file that has nothing else in it. libgit2 reads one
    /// from the home directory to ask the host for a kind of key that is known; it stops at lines that it does not know.
    public func text(host: String, port: UInt16?) -> String {
        lines(about: host, port).filter { !$0.isRevoked }.map { line in
            let kind = String(decoding: Self.kind(line.key), as: UTF8.self)
            return "\(Self.name(host, port)) \(kind) \(Base64.text(line.key))\n"
        }.joined()
    }

    private func lines(about host: String, _ port: UInt16?) -> [Line] {
        let name = Self.name(host, port)
        return lines.filter { $0.hosts.match(name) }
    }

    private static func name(_ host: String, _ port: UInt16?) -> String {
        (port.map { $0 == 22 ? host : "[\(host)]:\($0)" } ?? host).lowercased()
    }

    /// The first string of a key: four bytes of length and the kind's name.
    private static func kind(_ key: [UInt8]) -> ArraySlice<UInt8> {
        let length = key.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        return key.dropFirst(4).prefix(min(length, 64))
    }
}
