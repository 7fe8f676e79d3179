import BakeModel

/// Why a signature was not made, or does not count.
public enum SignatureFault: ExplainedError, Hashable {
    /// The key cannot sign: missing, locked, or no agent has it.
    case unsigned(key: String, detail: String)
    /// It is no signature at all.
    case unreadable(detail: String)
    /// The key that signed is nobody's whom the policy knows.
    case unknownSigner
    /// The key was not valid at the time.
    case expired(detail: String)
    /// The statement is not the one that was signed, or it was signed for something else.
    case forged(detail: String)

    public var doing: String {
        if case .unsigned = self { "sign with" } else { "accept" }
    }

    public var subject: String {
        if case .unsigned(let key, _) = self { key } else { "the signature" }
    }

    public var reason: String {
        switch self {
        case .unsigned(_, let detail), .unreadable(let detail): detail
        case .unknownSigner: "its key is nobody's in the policy's signers"
        case .expired(let detail): "its key was not valid at the time: \(detail)"
        case .forged(let detail): "it is not a signature of this statement: \(detail)"
        }
    }

    public var hint: String? {
        switch self {
        case .unsigned: "it takes a private key of OpenSSH's, or the public one whose other half is in ssh-agent"
        case .unknownSigner: "an operator adds the key to the policy's signers: bake env apply FILE"
        case .unreadable, .expired, .forged: nil
        }
    }

    public var exit: ExitCode {
        switch self {
        case .unsigned, .unreadable: .usage
        case .unknownSigner, .expired, .forged: .refused
        }
    }
}
