/// A suite of Debian, and where its packages are taken from.
public struct DebianSuite: Hashable, Sendable {
    /// The suite, `bookworm`.
    public let name: String
    /// The components, sorted; empty for those that this machine's sources name.
    public let components: [String]
    /// The archives, in the file's order; empty for those of the machine.
    public let mirrors: [DebianMirrorAddress]
    /// What signs the archives; nil for what this machine's apt trusts.
    public let keyring: DebianKeyring?

    /// Describes a suite.
    public init(
        _ name: String, components: [String] = [], mirrors: [DebianMirrorAddress] = [], keyring: DebianKeyring? = nil
    ) {
        self.name = name
        self.components = components.sorted()
        self.mirrors = mirrors
        self.keyring = keyring
    }

    /// The suites of Debian that archives serve today, for suggestions.
    public static let known = ["bullseye", "bookworm", "trixie", "forky", "sid"]
}

/// An archive that a pipeline names: its address, and the suite there where that is another, as in
/// `https://deb.example/debian-security bookworm-security`.
public struct DebianMirrorAddress: Hashable, Sendable, CustomStringConvertible {
    /// Where it lies, without a slash at the end.
    public let uri: String
    /// The suite there; nil for the stage's own.
    public let suite: String?

    private static let schemes = ["http://", "https://", "file:/"]

    /// Reads an address; nil where it is none.
    public init?(_ text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard let first = words.first, words.count <= 2, Self.isAddress(first) else { return nil }
        if words.count == 2, !DebianGrammar.isSuite(words[1]) { return nil }
        uri = first.utf8.last == UInt8(ascii: "/") ? String(first.dropLast()) : first
        suite = words.count == 2 ? words[1] : nil
    }

    public var description: String { suite.map { "\(uri) \($0)" } ?? uri }

    /// Visible ASCII without what ends a field or begins another. A user or password would stand in the commit.
    private static func isAddress(_ text: String) -> Bool {
        let forbidden = Array("\"'`\\<>[]{}|^@".utf8)
        return text.utf8.count <= 1024 && schemes.contains { text.hasPrefix($0) && text.utf8.count > $0.utf8.count }
            && text.utf8.allSatisfy { (0x21...0x7e).contains($0) && !forbidden.contains($0) }
    }
}

/// The keys that an archive is signed by.
public enum DebianKeyring: Hashable, Sendable, CustomStringConvertible {
    /// A file of the commit.
    case commit(TreePath)
    /// A file of this machine, by its absolute path.
    case machine(String)

    public var description: String {
        switch self {
        case .commit(let path): path.description
        case .machine(let path): path
        }
    }
}
