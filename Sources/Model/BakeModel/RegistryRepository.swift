/// The images of one name in a registry: `docker.io/library/debian`.
public struct RegistryRepository: Hashable, Sendable, CustomStringConvertible {
    /// The registry's host, with its port where it has one, in lower case: `docker.io`, `registry.example:5000`.
    public let registry: String
    /// The name in it, `library/debian`.
    public let name: String
    /// How the registry is spoken to.
    public let transport: RegistryReference.Transport

    private static let hub = "docker.io"

    /// Docker's rule: what stands before the first slash is a host where it has a dot or a colon, or is `localhost`.
    init(parsing text: Substring, _ transport: RegistryReference.Transport) throws(RegistryReferenceFault) {
        var registry: Substring = Self.hub[...]
        var name = text
        if let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")) {
            let first = text[..<slash]
            if first == "localhost" || first.utf8.contains(where: { $0 == 0x2e || $0 == 0x3a }) {
                registry = first
                name = text[text.index(after: slash)...]
            }
        }
        guard Self.isHost(registry) else { throw .host(String(registry)) }
        let host = registry.lowercased()
        self.registry = ["index.docker.io", "registry-1.docker.io"].contains(host) ? Self.hub : host
        self.name = self.registry == Self.hub && !name.utf8.contains(0x2f) ? "library/\(name)" : String(name)
        self.transport = transport
        guard Self.isName(self.name) else { throw .name(String(name)) }
    }

    /// The address of the registry's interface, `https://registry-1.docker.io`.
    public var origin: String { "\(isPlain ? "http" : "https")://\(isHub ? "registry-1.docker.io" : registry)" }

    /// Whether it is Docker's own registry.
    public var isHub: Bool { registry == Self.hub }

    private var isPlain: Bool {
        switch transport {
        case .usual: Self.loopbacks.contains(Self.parts(of: registry[...]).host)
        case .plain: true
        case .encrypted: false
        }
    }

    private static let loopbacks: Set<Substring> = ["localhost", "127.0.0.1", "[::1]"]

    /// The whole name, `docker://docker.io/library/debian`.
    public var description: String { "\(transport.prefix)\(registry)/\(name)" }

    private static func parts(of text: Substring) -> (host: Substring, port: Substring?) {
        guard let colon = text.utf8.lastIndex(of: 0x3a), !text[colon...].utf8.contains(UInt8(ascii: "]")) else {
            return (text, nil)
        }
        return (text[..<colon], text[text.index(after: colon)...])
    }

    private static func isHost(_ text: Substring) -> Bool {
        let (host, port) = parts(of: text)
        if let port {
            guard port.utf8.allSatisfy(\.isDigit), let number = UInt16(port), number > 0 else { return false }
        }
        if host.utf8.first == UInt8(ascii: "[") {
            let inner = host.utf8.dropFirst().dropLast()
            return host.utf8.last == UInt8(ascii: "]") && inner.contains(0x3a)
                && inner.allSatisfy { $0 == 0x3a || $0 == 0x2e || $0.isHexadecimalDigit }
        }
        let labels = host.utf8.split(separator: 0x2e, omittingEmptySubsequences: false)
        return host.utf8.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.count) && label.first != 0x2d && label.last != 0x2d
                    && label.allSatisfy { $0.isLetterOrDigit || $0 == 0x2d }
            }
    }

    /// OCI distribution specification 1.1: parts of lower-case letters and digits, joined by `.`, `_`, `__` or hyphens.
    private static func isName(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: 0x2f, omittingEmptySubsequences: false)
        return text.utf8.count <= 255 && parts.allSatisfy(isPart)
    }

    private static func isPart(_ part: Substring.UTF8View) -> Bool {
        let isWord: (UInt8) -> Bool = { $0.isDigit || (0x61...0x7a).contains($0) }
        guard part.first.map(isWord) == true, part.last.map(isWord) == true else { return false }
        return part.split(whereSeparator: isWord).allSatisfy { joint in
            joint.elementsEqual(".".utf8) || joint.elementsEqual("_".utf8) || joint.elementsEqual("__".utf8)
                || joint.allSatisfy { $0 == UInt8(ascii: "-") }
        }
    }
}

extension UInt8 {
    var isDigit: Bool { (0x30...0x39).contains(self) }
    var isLetterOrDigit: Bool { isDigit || (0x41...0x5a).contains(self) || (0x61...0x7a).contains(self) }
    var isHexadecimalDigit: Bool { isDigit || (0x41...0x46).contains(self) || (0x61...0x66).contains(self) }
}
