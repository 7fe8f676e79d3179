import BakeModel

/// Bytes that a command may read, and that must not stay anywhere.
public struct SandboxSecret: Hashable, Sendable {
    /// Where a command finds it.
    public enum Place: String, Hashable, Sendable {
        /// In `/run/secrets/NAME`.
        case file
        /// In its environment, of which it is a variable already: the password of a proxy.
        case environment
    }

    /// The name of its file or variable.
    public let name: String
    /// Where a command finds it.
    public let place: Place
    /// What is in it.
    public let bytes: [UInt8]

    /// Shorter ones would be found everywhere by chance.
    public static let leastBytes = 8
    /// Keys, tokens and certificates are far below it.
    public static let mostBytes = 65_536

    /// Takes a secret.
    /// - Parameter name: letters, digits, `_`, `-` and `.`, not beginning with a dot.
    /// - Throws: `SecretFault`.
    public init(name: String, bytes: [UInt8], place: Place = .file) throws(SecretFault) {
        let isPlain = name.utf8.allSatisfy {
            (0x61...0x7a).contains($0 | 0x20) || (0x30...0x39).contains($0) || "_-.".utf8.contains($0)
        }
        guard isPlain, !name.isEmpty, !name.hasPrefix("."), name.utf8.count <= 128 else { throw .badName(name) }
        self.name = name
        self.place = place
        self.bytes = bytes
        guard bytes.count <= Self.mostBytes else { throw .tooLong(name) }
        guard core.count >= Self.leastBytes else { throw .tooShort(name) }
    }

    /// The bytes without white space at their ends, which a shell drops on the way.
    var core: ArraySlice<UInt8> {
        let isSpace: (UInt8) -> Bool = { [0x20, 0x09, 0x0a, 0x0d].contains($0) }
        guard let end = bytes.lastIndex(where: { !isSpace($0) }) else { return [] }
        return bytes[...end].drop(while: isSpace)
    }
}

/// A secret that cannot be taken, or one that was left behind.
public enum SecretFault: ExplainedError, Hashable {
    /// The name is none for a file.
    case badName(String)
    /// It is too short to be searched for.
    case tooShort(String)
    /// It is no secret but a file.
    case tooLong(String)
    /// A path of the layer that holds it, or the part of it that is on a line of its own.
    case left(String, line: Int?, at: TreePath)

    public var doing: String {
        switch self {
        case .badName, .tooShort, .tooLong: "take the secret"
        case .left: "keep the layer with"
        }
    }

    public var subject: String {
        switch self {
        case .badName(let name), .tooShort(let name), .tooLong(let name): name
        case .left(_, _, let path): "/\(path)"
        }
    }

    public var reason: String {
        switch self {
        case .badName: "a name has letters, digits, '_', '-' and '.'"
        case .tooShort:
            "it has fewer than \(SandboxSecret.leastBytes) bytes: what is made with it could not be searched for it"
        case .tooLong: "it has more than \(SandboxSecret.mostBytes) bytes"
        case .left(let name, nil, _): "it holds the secret \(name)"
        case .left(let name, let line?, _): "it holds a part of line \(line) of the secret \(name)"
        }
    }

    public var hint: String? {
        switch self {
        case .left: "the command must leave none: what only it needs belongs into /tmp, or is removed at its end"
        case .badName, .tooShort, .tooLong: nil
        }
    }

    public var exit: ExitCode { if case .left = self { .failed } else { .usage } }
}
