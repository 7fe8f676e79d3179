import BakeModel
import LedgerDatabase

/// The Merkle tree over the lines of the ledger, as far as its root needs it.
public struct TreeView: LedgerView {
    public let name = "tree"
    public let version: Int64 = 1
    public let schema = """
        CREATE TABLE tree (place INTEGER PRIMARY KEY, frontier TEXT NOT NULL, head TEXT NOT NULL) STRICT;
        """

    /// Makes the view.
    public init() {}

    public func apply(_ entry: Entry, to transaction: ViewTransaction) throws {
        try apply([entry], to: transaction)
    }

    /// Only the last root of many is ever asked for.
    public func apply(_ entries: [Entry], to transaction: ViewTransaction) throws {
        var frontier = try Self.frontier(in: transaction) ?? MerkleFrontier()
        var last: [UInt8] = []
        for entry in entries {
            last = entry.json.canonicalBytes
            frontier.append(last)
        }
        guard !last.isEmpty else { return }
        try transaction.execute(
            "INSERT OR REPLACE INTO tree VALUES (1, ?, ?)",
            [.text(frontier.text), .text(Digest.of(last).description)])
    }

    /// The tree over all entries of a snapshot; nil where there is none.
    static func frontier(in transaction: ViewTransaction) throws -> MerkleFrontier? {
        guard let row = try transaction.row("SELECT frontier FROM tree") else { return nil }
        guard let frontier = MerkleFrontier(try row.text("frontier")) else {
            throw LedgerError.falseView("the view tree", detail: "its row cannot be read")
        }
        return frontier
    }
}
