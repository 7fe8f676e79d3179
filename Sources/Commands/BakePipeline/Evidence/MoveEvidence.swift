import Attestation
import BakeModel
import LedgerDatabase
import Signing

/// Moves → verification summaries and a signed checkpoint. Only the entries that are named are signed, those that this
/// process's own appends returned: what somebody else put into the ledger meanwhile, under whatever name, must not get a
/// signature because a job happens to have a key.
public struct MoveEvidence: Sendable {
    private let store: BakeStore
    private let key: SigningKey
    private let actor: Actor
    private let clock: @Sendable () -> Timestamp

    private static let attempts = 20

    /// Prepares to sign in the name of a store.
    public init(store: BakeStore, key: SigningKey, actor: Actor, clock: @escaping @Sendable () -> Timestamp) {
        self.store = store
        self.key = key
        self.actor = actor
        self.clock = clock
    }

    /// Puts the public half of the key into the ledger.
    public func begin() throws { _ = try store.attestations.publish(key.verifyingKey, by: actor, clock: clock()) }

    /// Signs moves.
    /// - Parameter entries: the numbers of their entries; what is no move is passed over.
    /// - Returns: the checkpoint, to be kept outside the store; nil where nothing moved.
    @discardableResult
    public func record(_ entries: [Int64]) throws -> SignedNote? {
        let identity = try store.identity()
        for _ in 0..<Self.attempts {
            guard let pending = try store.attestations.pendingMoves(at: entries, store: identity),
                !pending.moves.isEmpty
            else { return nil }
            let attestations = try attestations(of: pending.moves, pending.checkpoint, identity)
            do {
                try store.attestations.record(attestations, about: pending, by: actor, clock: clock())
                return try pending.checkpoint.signed(with: key)
            } catch LedgerError.lostRace { continue }
        }
        throw LedgerError.lostRace(.evidence)
    }

    /// A summary for each move, and beside the last the checkpoint over all of them.
    private func attestations(
        of moves: [(move: SlotMove, entry: Entry)], _ checkpoint: Checkpoint, _ identity: String
    ) throws -> [Attestation] {
        let writer = StatementWriter(blobs: store.blobs, key: key)
        return try moves.enumerated().map { index, found in
            let record = try generation(found.move.to)
            let summary = VerificationSummary(of: record, found.move, entry: found.entry, store: identity)
            var statements = [try writer.write(summary.statement, .vsa, imageSize: record.imageSize)]
            if index == moves.count - 1 {
                let about = (record.image, record.imageSize)
                statements.append(try writer.write(checkpoint, signedWith: key, about: about))
            }
            return Attestation(
                generation: record.id, image: record.image, imageSize: record.imageSize, entry: found.entry.sequence,
                statements: statements)
        }
    }

    private func generation(_ id: GenerationID) throws -> GenerationRecord {
        guard let found = try store.generations.find(id) else {
            throw LedgerError.damaged(path: store.ledger.path, detail: "no entry made \(id)")
        }
        return found.record
    }
}
