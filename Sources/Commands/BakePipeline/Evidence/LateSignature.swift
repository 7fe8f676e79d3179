import Attestation
import BakeModel
import Signing

/// Signs what was stated without a key, and moves of which nothing was.
public struct LateSignature: Sendable {
    private let store: BakeStore
    private let key: SigningKey

    /// Prepares to sign.
    public init(store: BakeStore, key: SigningKey) {
        self.store = store
        self.key = key
    }

    /// What the bake stated of a generation and this key did not sign.
    public func unsigned(_ record: GenerationRecord) throws -> [StatementFacts] {
        let id = key.verifyingKey.id
        let signed = try StatementReading(store: store).statements(of: record).filter { $0.key == id }.map(\.kind)
        return record.statements.filter { !signed.contains($0.kind) }
    }

    /// Finds a move to a generation that this key is to sign.
    /// - Parameter entry: the number of its entry.
    /// - Returns: whether this key signed it already.
    /// - Throws: `UnknownReference` where that entry moved something else, or nothing.
    public func isSigned(_ entry: Int64, of record: GenerationRecord) throws -> Bool {
        let found = try store.ledger.entries(from: max(1, entry), limit: 1).first { $0.sequence == entry }
        guard try found.map({ try SlotMove.all(of: $0) })?.contains(where: { $0.to == record.id }) == true else {
            throw UnknownReference(
                text: "entry \(entry)", why: "it did not move \(record.id)", hint: "bake audit \(record.id)")
        }
        let id = key.verifyingKey.id
        return try store.attestations.attestations(of: record.id).map(\.record).contains { attestation in
            attestation.entry == entry && attestation.statements.contains { $0.kind == .vsa && $0.key == id }
        }
    }

    /// Signs a move of which nothing was stated when it was made, and records that.
    public func sign(_ entry: Int64, by actor: Actor, clock: @escaping @Sendable () -> Timestamp) throws {
        let evidence = MoveEvidence(store: store, key: key, actor: actor, clock: clock)
        try evidence.begin()
        try evidence.record([entry])
    }

    /// Signs them, and records that.
    public func sign(
        _ statements: [StatementFacts], of record: GenerationRecord, by actor: Actor, clock: Timestamp
    ) throws {
        _ = try store.attestations.publish(key.verifyingKey, by: actor, clock: clock)
        let reading = StatementReading(store: store)
        let writer = StatementWriter(blobs: store.blobs, key: key)
        let signed = try statements.map {
            try writer.write(try reading.statement($0), $0.kind, imageSize: record.imageSize)
        }
        try store.attestations.record(
            Attestation(
                generation: record.id, image: record.image, imageSize: record.imageSize, entry: nil,
                statements: signed),
            by: actor, clock: clock)
    }
}
