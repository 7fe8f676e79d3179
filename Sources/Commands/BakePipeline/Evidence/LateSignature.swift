import Attestation
import BakeModel
import Signing

/// Signs statements that were made without a key.
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
