import BakeModel
import LedgerDatabase

/// Moves of which something is to be stated, and the ledger as it is now: one snapshot.
public struct PendingMoves: Sendable {
    /// The moves with their entries, oldest first.
    public let moves: [(move: SlotMove, entry: Entry)]
    /// How long the ledger is, and what it holds.
    public let checkpoint: Checkpoint
    fileprivate let head: Int64?
}

extension AttestationLog {
    /// Reads the moves of entries; nil where the ledger is empty.
    /// - Parameters:
    ///   - entries: their numbers; what is no move is passed over.
    ///   - store: what tells this store from all others.
    public func pendingMoves(at entries: [Int64], store: String) throws -> PendingMoves? {
        try ledger.read { transaction in
            guard let checkpoint = try Self.checkpoint(store: store, in: transaction) else { return nil }
            let moves = try entries.sorted().flatMap { number in
                let entry = try transaction.entry(number)
                return try SlotMove.all(of: entry).map { ($0, entry) }
            }
            return PendingMoves(
                moves: moves, checkpoint: checkpoint, head: try transaction.head(of: .evidence))
        }
    }

    /// The ledger as it is now, to be kept outside the store; nil where it is empty.
    /// - Parameter store: what tells this store from all others.
    public func checkpoint(store: String) throws -> Checkpoint? {
        try ledger.read { try Self.checkpoint(store: store, in: $0) }
    }

    private static func checkpoint(store: String, in transaction: ViewTransaction) throws -> Checkpoint? {
        guard let frontier = try TreeView.frontier(in: transaction),
            let row = try transaction.row("SELECT head FROM tree"), let head = Digest(try row.text("head"))
        else { return nil }
        return Checkpoint(store: store, size: frontier.size, root: frontier.root, head: head)
    }

    /// Records what was stated of moves.
    /// - Throws: `LedgerError.lostRace` where somebody else stated something since `pending` was looked up.
    public func record(
        _ attestations: [Attestation], about pending: PendingMoves, by actor: Actor, clock: Timestamp
    ) throws {
        _ = try ledger.append(attestations.map(\.act), by: actor, clock: clock, expecting: [.evidence: pending.head])
    }

    /// Records what was stated of a generation after it was made.
    public func record(_ attestation: Attestation, by actor: Actor, clock: Timestamp) throws {
        _ = try ledger.append([attestation.act], by: actor, clock: clock)
    }
}
