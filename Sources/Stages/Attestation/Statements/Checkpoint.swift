import BakeModel
import Signing

/// How long a ledger was, and what it held: C2SP `tlog-checkpoint.md`. Kept outside the store, it shows whether anything
/// before it was changed, taken away or cut off.
public struct Checkpoint: Hashable, Sendable {
    /// Which ledger: `bake/` and the store's name.
    public let origin: String
    /// How many entries it had.
    public let size: Int64
    /// The root of the Merkle tree over their lines. RFC 6962.
    public let root: Digest
    /// The SHA-256 of the last line, which a shell can check; nil where another tool wrote the checkpoint.
    public let head: Digest?

    /// Describes a ledger.
    public init(store: String, size: Int64, root: Digest, head: Digest) {
        origin = Self.origin(of: store)
        self.size = size
        self.root = root
        self.head = head
    }

    /// What the ledger of a store is called.
    public static func origin(of store: String) -> String { "bake/\(store)" }

    /// The lines that are signed.
    public var text: String {
        let extensions = head.map { "\($0)\n" } ?? ""
        return "\(origin)\n\(size)\n\(Base64.text(root.bytes))\n\(extensions)"
    }

    /// Reads the text of a note; nil where it is no checkpoint.
    public init?(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 4, lines.last == "", !lines[0].isEmpty, let size = Int64(lines[1]), size >= 0,
            String(size) == lines[1], let bytes = Base64.bytes(lines[2]),
            let root = Digest(bytes: bytes)
        else { return nil }
        origin = String(lines[0])
        self.size = size
        self.root = root
        head = lines[3...].lazy.compactMap { Digest($0) }.first
    }

    /// The checkpoint as a note.
    public func signed(with key: SigningKey) throws(KeyFault) -> SignedNote {
        try SignedNote(signing: text, as: origin, with: key)
    }

    /// The media type of a signed checkpoint.
    public static let mediaType = "text/vnd.c2sp.tlog-checkpoint"
}
