/// An image in a registry, as `docker://` names it. OCI distribution specification 1.1, "Pulling manifests"; Docker's
/// short names stand for Docker Hub.
public struct RegistryReference: Hashable, Sendable, CustomStringConvertible {
    /// The registry and the images of one name in it.
    public let repository: RegistryRepository
    /// The name that the registry may move, `bookworm-slim`; nil where the digest was given alone.
    public let tag: String?
    /// The bytes that were asked for; nil where the tag says which.
    public let digest: Digest?

    /// Names an image.
    public init(repository: RegistryRepository, tag: String?, digest: Digest? = nil) {
        self.repository = repository
        self.tag = tag
        self.digest = digest
    }

    /// Reads `docker://[HOST[:PORT]/]NAME[:TAG][@DIGEST]`; without tag and digest it is `latest`. `docker+http://` and
    /// `docker+https://` say how the registry is spoken to.
    public init(parsing text: String) throws(RegistryReferenceFault) {
        guard let transport = Transport.of(text) else { throw .scheme }
        guard text.utf8.count <= 1024 else { throw .tooLong }
        var name = text.dropFirst(transport.prefix.count)
        digest = try Self.digest(cutFrom: &name)
        tag = try Self.tag(cutFrom: &name) ?? (digest == nil ? "latest" : nil)
        repository = try RegistryRepository(parsing: name, transport)
    }

    private static func digest(cutFrom name: inout Substring) throws(RegistryReferenceFault) -> Digest? {
        guard let at = name.utf8.firstIndex(of: UInt8(ascii: "@")) else { return nil }
        let text = name[name.index(after: at)...]
        guard let digest = Digest(text) else { throw .digest(String(text)) }
        name = name[..<at]
        return digest
    }

    /// A colon before the last slash is that of a port.
    private static func tag(cutFrom name: inout Substring) throws(RegistryReferenceFault) -> String? {
        guard let colon = name.utf8.lastIndex(of: UInt8(ascii: ":")),
            !name[colon...].utf8.contains(UInt8(ascii: "/"))
        else { return nil }
        let text = name[name.index(after: colon)...]
        guard isTag(text) else { throw .tag(String(text)) }
        name = name[..<colon]
        return String(text)
    }

    /// `[A-Za-z0-9_][A-Za-z0-9._-]{0,127}`
    private static func isTag(_ text: Substring) -> Bool {
        guard (1...128).contains(text.utf8.count), text.utf8.first.map({ $0.isLetterOrDigit || $0 == 0x5f }) == true
        else { return false }
        return text.utf8.allSatisfy { $0.isLetterOrDigit || [0x2d, 0x2e, 0x5f].contains($0) }
    }

    /// The same image by the digest of its manifest.
    public func pinned(to digest: Digest) -> RegistryReference {
        RegistryReference(repository: repository, tag: tag, digest: digest)
    }

    /// The whole name, `docker://docker.io/library/debian:bookworm-slim`. Reading it gives an equal reference.
    public var description: String {
        "\(repository)\(tag.map { ":\($0)" } ?? "")\(digest.map { "@\($0)" } ?? "")"
    }

    /// How a registry is spoken to.
    public enum Transport: String, Hashable, Sendable {
        /// By https, and by plain http on this very machine.
        case usual = "docker"
        /// By plain http, which neither encrypts nor says who answers.
        case plain = "docker+http"
        /// By https on this very machine, too.
        case encrypted = "docker+https"

        var prefix: String { "\(rawValue)://" }

        static func of(_ text: String) -> Transport? {
            [usual, plain, encrypted].first { text.utf8.starts(with: $0.prefix.utf8) }
        }
    }
}

/// Text that names no image in a registry.
public enum RegistryReferenceFault: Error, Hashable {
    /// It does not begin with `docker://`.
    case scheme
    /// It has more than 1024 bytes.
    case tooLong
    /// What stands before the first slash is no host.
    case host(String)
    /// What stands after the host is no name.
    case name(String)
    /// What stands after the last colon is no tag.
    case tag(String)
    /// What stands after `@` is no SHA-256.
    case digest(String)

    /// Why, as a clause.
    public var explanation: String {
        switch self {
        case .scheme: "it does not begin with docker://"
        case .tooLong: "it is longer than 1024 bytes"
        case .host(let text): "\"\(text)\" is no host"
        case .name(let text): "\"\(text)\" is no repository's name: lower-case letters, digits, and . _ - between them"
        case .tag(let text): "\"\(text)\" is no tag"
        case .digest(let text): "\"\(text)\" is no digest: sha256: and 64 lower-case hexadecimal digits"
        }
    }
}
