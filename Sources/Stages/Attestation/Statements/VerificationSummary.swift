import BakeModel

/// Whether an image met a policy when it was moved to an environment: SLSA verification summary v1
/// (slsa.dev/spec/v1.0/verification_summary), with the whole entry of the ledger. Past broken glass it did not.
public struct VerificationSummary: Sendable {
    private let record: GenerationRecord
    private let entry: Entry
    private let move: SlotMove
    private let store: String

    /// The URI of the kind of claim.
    public static let predicateType = "https://slsa.dev/verification_summary/v1"

    /// Describes a move.
    /// - Parameters:
    ///   - record: the generation that the slot holds now.
    ///   - entry: what the ledger says of the move; its line is part of the claim.
    public init(of record: GenerationRecord, _ move: SlotMove, entry: Entry, store: String) {
        self.record = record
        self.move = move
        self.entry = entry
        self.store = store
    }

    private var verifiedLevels: JSON {
        let isProved = move.brokenGlass == nil && record.statements.contains { $0.kind == .provenance }
        return isProved ? ["SLSA_BUILD_LEVEL_1"] : []
    }

    /// The claim about the image.
    public var statement: InTotoStatement {
        let policy = move.policy
        return InTotoStatement(
            about: record, Self.predicateType,
            .record([
                "verifier": .record([
                    "id": .string(EvidenceName.store(store)),
                    "version": .object(record.builder.filter { $0.key == "bake" }.mapValues(JSON.string)),
                ]),
                "timeVerified": .string(entry.time.description),
                "resourceUri": .string("pkg:oci/\(move.slot.pipeline)@sha256%3A\(record.image.hex)"),
                // A rollback goes to where the slot was before, which a policy judged then.
                "policy": .record([
                    "uri": .string("\(EvidenceName.store(store)):policy"),
                    "digest": policy.map { ["sha256": .string($0.hex)] },
                ]),
                "inputAttestations": .array(
                    record.statements.map {
                        [
                            "uri": .string("urn:bake:\($0.kind.rawValue)"),
                            "digest": ["sha256": .string($0.document.hex)],
                        ]
                    }),
                "verificationResult": move.brokenGlass == nil ? "PASSED" : "FAILED",
                "verifiedLevels": verifiedLevels,
                "slsaVersion": "1.0", "urn:bake:entry": entry.json,
            ]))
    }
}
