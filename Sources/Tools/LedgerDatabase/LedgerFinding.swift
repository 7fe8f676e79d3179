import BakeModel

/// Something that is not as it was written.
public struct LedgerFinding: Hashable, Sendable {
    /// What kind of thing is wrong.
    public enum Kind: String, Hashable, Sendable {
        /// SQLite finds the file damaged.
        case file
        /// A number is missing or stands twice.
        case gap
        /// The line does not hash to what was noted beside it.
        case changed
        /// The line is no entry, or is not spelled as RFC 8785 wants.
        case malformed
        /// The hash of the entry before is another.
        case brokenChain
        /// The time is not the later one of the clock and the entry before.
        case time
        /// The head of a subject is another.
        case head
        /// A view is not what the entries make.
        case view
        /// The index of the entries leaves some out, or has others.
        case index
        /// An entry that a checkpoint names is missing or another.
        case checkpoint
    }

    /// The number of the entry; nil where it is not about one.
    public let entry: Int64?
    /// What kind of thing is wrong.
    public let kind: Kind
    /// What exactly, as a clause.
    public let explanation: String

    init(_ kind: Kind, entry: Int64? = nil, _ explanation: String) {
        self.kind = kind
        self.entry = entry
        self.explanation = explanation
    }
}

/// A point of the chain that was noted outside the store: whoever cuts off the end of the ledger, or writes all of it
/// anew, cannot change it.
public struct LedgerCheckpoint: Hashable, Sendable {
    /// The number of an entry.
    public let sequence: Int64
    /// The SHA-256 of its line; nil where only the root is known.
    public let hash: Digest?
    /// The root of the Merkle tree over the lines up to it (RFC 6962); nil where only the hash is known.
    public let root: Digest?

    /// Notes a point.
    public init(sequence: Int64, hash: Digest?, root: Digest? = nil) {
        self.sequence = sequence
        self.hash = hash
        self.root = root
    }
}
