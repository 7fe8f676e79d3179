import Attestation
import BakeModel
import LedgerDatabase
import Signing

/// Moves → verification summaries and a signed checkpoint. Only what this process moved is signed: an entry that somebody
/// else put into the ledger must not get a signature because the next job happens to have a key.
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
    /// - Returns: the number of the latest entry: what this process moves from now on comes behind it.
    public func begin() throws -> Int64 {
        _ = try store.attestations.publish(key.verifyingKey, by: actor, clock: clock())
        return try store.ledger.latest()
    }

    /// Signs what this actor moved.
    /// - Parameter begun: the entry behind which that is.
    /// - Returns: the checkpoint, to be kept outside the store; nil where nothing moved.
    @discardableResult
    public func record(after begun: Int64) throws -> SignedNote? {
        let identity = try store.identity()
        for _ in 0..<Self.attempts {
            guard let pending = try store.attestations.pendingMoves(after: begun, store: identity),
                case let own = pending.moves.filter({ $0.entry.actor.signed(by: nil) == actor.signed(by: nil) }),
                !own.isEmpty
            else { return nil }
            let attestations = try attestations(of: own, pending.checkpoint, identity)
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
