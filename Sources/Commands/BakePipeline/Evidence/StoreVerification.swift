import Attestation
import BakeModel
import LedgerDatabase
import Signing

/// Checks the ledger, and what is signed, against what is kept outside the store.
public struct StoreVerification: Sendable {
    /// Something that is not as it should be.
    public struct Finding: Hashable, Sendable {
        /// The number of the entry; nil where it is not about one.
        public let entry: Int64?
        /// What kind of thing is wrong: those of the chain, `signature`, `unsigned`.
        public let kind: String
        /// What exactly, as a clause.
        public let explanation: String
    }

    /// What was looked at, and what is wrong.
    public struct Result: Sendable {
        /// How many entries there are.
        public let entries: Int64
        /// What is wrong.
        public let findings: [Finding]
        /// How many signatures of trusted keys hold.
        public let signatures: Int
        /// The last entry that something outside the store vouches for; nil where nothing does.
        public let anchored: Int64?
    }

    private let store: BakeStore
    private let anchors: [LedgerAnchor]
    private let trusted: [VerifyingKey]?

    /// Prepares to verify.
    /// - Parameters:
    ///   - anchors: what was kept outside.
    ///   - trusted: the keys that may sign; nil where signatures are not looked at.
    public init(store: BakeStore, anchors: [LedgerAnchor], trusted: [VerifyingKey]?) {
        self.store = store
        self.anchors = anchors
        self.trusted = trusted
    }

    /// Verifies everything.
    public func run() throws -> Result {
        let points = try anchors.flatMap { try $0.points(of: try store.identity(), trusting: trusted) }
        let inside = try trusted.map { try signedPoints($0) } ?? []
        var findings = try store.ledger.verify(knowing: points + inside).map {
            Finding(entry: $0.entry, kind: $0.kind.rawValue, explanation: $0.explanation)
        }
        var signatures = 0
        // Statements are named by entries: where those are damaged, there is nothing to compare with.
        if let trusted, findings.isEmpty {
            let check = try SignatureCheck(store: store, trusted: trusted)
            findings += check.findings
            signatures = check.signatures
        }
        return Result(
            entries: try store.audit.latest(), findings: findings, signatures: signatures,
            anchored: points.map(\.sequence).max())
    }

    /// The checkpoints in the store that a trusted key signed: whoever wrote the ledger anew could not make those again.
    private func signedPoints(_ trusted: [VerifyingKey]) throws -> [LedgerCheckpoint] {
        let reading = StatementReading(store: store)
        let checkpoints = (try? store.attestations.checkpoints()) ?? []
        return checkpoints.compactMap { facts in
            guard let bytes = try? reading.document(facts, isWhole: true),
                let note = SignedNote(String(decoding: bytes, as: UTF8.self)), note.signer(among: trusted) != nil
            else { return nil }
            return Checkpoint(note.text)?.point
        }
    }
}

extension Checkpoint {
    /// What the chain is compared with.
    var point: LedgerCheckpoint { LedgerCheckpoint(sequence: size, hash: head, root: root) }
}
