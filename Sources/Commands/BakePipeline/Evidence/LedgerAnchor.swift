import Attestation
import BakeModel
import LedgerDatabase
import Signing

/// What was kept of a ledger outside its store: checkpoints, one behind the other, or an export.
public struct LedgerAnchor: Sendable {
    private let name: String
    private let content: Content

    private enum Content: Sendable {
        case notes(CheckpointText)
        case lines([LedgerCheckpoint])
    }

    /// Reads the bytes of a file.
    /// - Parameter name: what messages call it.
    /// - Throws: `AnchorFault`.
    public init(_ bytes: [UInt8], name: String) throws {
        self.name = name
        if bytes.first == UInt8(ascii: "{") {
            content = .lines(try Self.lines(bytes, name))
        } else {
            guard let text = CheckpointText(String(decoding: bytes, as: UTF8.self)), !text.items.isEmpty else {
                throw AnchorFault.unreadable(name)
            }
            content = .notes(text)
        }
    }

    /// The points of the chain that it vouches for.
    /// - Parameter trusted: who may have signed; where nil, the file itself is trusted, as it is for what nobody signed.
    /// - Throws: `AnchorFault` where it is of another store, or signed by a stranger.
    func points(of store: String, trusting trusted: [VerifyingKey]?) throws -> [LedgerCheckpoint] {
        switch content {
        case .lines(let points): return points
        case .notes(let text):
            return try text.items.map { item in
                let checkpoint = item.checkpoint
                guard checkpoint.origin == Checkpoint.origin(of: store) else {
                    throw AnchorFault.otherStore(name, checkpoint.origin)
                }
                if let trusted, let note = item.note, note.signer(among: trusted) == nil {
                    throw AnchorFault.stranger(name, size: checkpoint.size)
                }
                return checkpoint.point
            }
        }
    }

    /// A line of an export is an entry, and its hash is that of its bytes.
    private static func lines(_ bytes: [UInt8], _ name: String) throws -> [LedgerCheckpoint] {
        try bytes.split(separator: UInt8(ascii: "\n")).map { line in
            guard let entry = (try? JSON(parsing: Array(line))).flatMap({ Entry($0) }) else {
                throw AnchorFault.unreadable(name)
            }
            return LedgerCheckpoint(sequence: entry.sequence, hash: Digest.of(line))
        }
    }
}

/// Why a file does not vouch for a ledger.
public enum AnchorFault: ExplainedError, Hashable {
    /// It is neither a signed checkpoint nor an export.
    case unreadable(String)
    /// It is of another store.
    case otherStore(String, String)
    /// No trusted key signed it.
    case stranger(String, size: Int64)

    public var doing: String { "verify against" }
    public var subject: String {
        switch self {
        case .unreadable(let name), .otherStore(let name, _), .stranger(let name, _): name
        }
    }
    public var reason: String {
        switch self {
        case .unreadable: "it is neither a signed checkpoint nor an export of a ledger"
        case .otherStore(_, let origin): "it is of another store, \(origin)"
        case .stranger(_, let size): "no trusted key signed its checkpoint at entry \(size)"
        }
    }
    public var hint: String? {
        switch self {
        case .stranger: "--trust DIR: a directory with the public keys (.pub or .pem) that may sign"
        default: nil
        }
    }
    public var exit: ExitCode {
        switch self {
        case .stranger: .damaged
        default: .usage
        }
    }
}
