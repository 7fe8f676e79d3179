/// A name that a person gave: `[a-z][a-z0-9-]*`, at most 63 bytes. Pipelines and environments share one namespace.
public protocol GivenName: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The text of the name.
    var text: String { get }
    /// Reads a name; nil where the grammar refuses it or the name is reserved.
    init?(_ text: some StringProtocol)
}

extension GivenName {
    public var description: String { text }
    public static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

/// The grammar of names.
public enum NameGrammar {
    /// Words that references give a meaning of their own.
    public static let reserved: Set<String> = ["failed", "host", "sha256", "scratch"]
    /// The grammar as shown in messages.
    public static let explanation =
        "a name is a lower-case letter, then lower-case letters, digits and hyphens, at most 63; failed, host, sha256 and scratch are reserved"

    /// Whether the text is a name by grammar and not reserved.
    public static func accepts(_ text: some StringProtocol) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first, bytes.count <= 63, (0x61...0x7a).contains(first) else { return false }
        let follows: (UInt8) -> Bool = { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d }
        return bytes.allSatisfy(follows) && !reserved.contains(String(text))
    }
}

/// The name of a pipeline, and of the generations it makes.
public struct PipelineName: GivenName {
    public let text: String
    public init?(_ text: some StringProtocol) {
        guard NameGrammar.accepts(text) else { return nil }
        self.text = String(text)
    }
}

/// The name of an environment.
public struct EnvironmentName: GivenName {
    public let text: String
    public init?(_ text: some StringProtocol) {
        guard NameGrammar.accepts(text) else { return nil }
        self.text = String(text)
    }
}

/// The name of a stage of a pipeline.
public struct StageName: GivenName {
    public let text: String
    public init?(_ text: some StringProtocol) {
        guard NameGrammar.accepts(text) else { return nil }
        self.text = String(text)
    }
}
