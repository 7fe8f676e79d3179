import Attestation
import BakeModel
import BlobStorage
import EnvironmentPromotion
import LedgerDatabase
import Signing

/// Checks the ledger, and what is signed, against what is kept outside the store.
public struct StoreVerification: Sendable {
    /// Something that is not as it should be.
    public struct Finding: Hashable, Sendable {
        /// The number of the entry; nil where it is not about one.
        public let entry: Int64?
        /// What kind of thing is wrong: those of the chain, `signature`, `unsigned`, `move`, `policy`,
        /// `approval`, `review`, `anchor`, `name`, `gate`.
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
        /// How many later statements keys signed that are not trusted; they prove nothing.
        public let strangers: Int
        /// How many signatures of people hold: of those whom a trusted list names, else of those whom the store's own policies
        /// name. Nil where the entries themselves are damaged.
        public let people: Int?
        /// How many moves nobody signed and the policy makes behind every bake.
        public let automatic: Int
        /// How many moves that people made are older than the first key of the store, so that nobody's signature was asked for.
        public let keyless: Int
        /// How many promotions bar whoever wrote what came, where the store has not the commits that tell who that was.
        public let untold: Int
        /// The entry that index.json reflects where it is behind the ledger, so that other tools find what was there then.
        public let indexed: Int64?
        /// Whether the ledger is what everything outside, and every signed checkpoint, knows of it.
        public let agrees: Bool
        /// Where the store was made from a backup, and how many entries that had; nil for one that never was.
        public let restoration: (entry: Int64, entries: Int64)?
        /// The last entry that something outside the store vouches for; nil where nothing does.
        public let anchored: Int64?
    }

    private let store: BakeStore
    private let anchors: [LedgerAnchor]
    private let trusted: [VerifyingKey]?
    private let people: AllowedSigners?
    /// Where the policy says that checkpoints are kept; nil where that is not asked.
    private let anchoring: StoreAnchoring?

    /// Prepares to verify.
    /// - Parameters:
    ///   - anchors: what was kept outside.
    ///   - trusted: the keys that may sign; nil where signatures are not looked at.
    ///   - people: the people who sign with SSH keys; nil where nobody's list is trusted but the store's own policies.
    ///   - anchoring: reads what is kept at the place that the policy names.
    public init(
        store: BakeStore, anchors: [LedgerAnchor], trusted: [VerifyingKey]?, people: AllowedSigners? = nil,
        anchoring: StoreAnchoring? = nil
    ) {
        self.store = store
        self.anchors = anchors
        self.trusted = trusted
        self.people = people
        self.anchoring = anchoring
    }

    /// Whether keys outside the store were named.
    public var isTrusting: Bool { trusted != nil }
    /// Whether people outside the store were named.
    public var knowsPeople: Bool { people != nil }

    /// Verifies everything.
    public func run() throws -> Result {
        var anchors = anchors
        var unread: [Finding] = []
        do { if let kept = try anchoring?.kept() { anchors.append(kept) } } catch let error as any ExplainedError {
            let why = "what is kept at \(error.subject) cannot be read: \(error.reason)"
            unread = [Finding(entry: nil, kind: "anchor", explanation: why)]
        }
        let points = try anchors.flatMap { try $0.points(of: try store.identity(), trusting: trusted) }
        let inside = try trusted.map { try signedPoints($0) } ?? []
        var findings = try store.ledger.verify(knowing: points + inside).map {
            Finding(entry: $0.entry, kind: $0.kind.rawValue, explanation: $0.explanation)
        }
        let agrees = findings.isEmpty
        let names = try agrees ? IndexNames(store) : nil
        findings += agrees ? (names?.findings ?? []).map(Self.finding) + (try passedGates()) : []
        // Statements are named by entries: where those are damaged, there is nothing to compare with.
        let (statements, acts, replay) = try agrees ? checkEntries() : (nil, nil, nil)
        findings += (statements?.findings ?? []) + (acts?.findings ?? []) + (replay?.findings ?? [])
        return Result(
            entries: try store.audit.latest(), findings: unread + findings, signatures: statements?.signatures ?? 0,
            strangers: statements?.strangers ?? 0, people: acts?.signatures,
            automatic: statements?.automatic ?? 0, keyless: statements?.keyless ?? 0,
            untold: acts?.approvals.untold ?? 0, indexed: names?.behind, agrees: agrees,
            restoration: try? restoration(),
            anchored: points.map(\.sequence).max())
    }

    private func restoration() throws -> (entry: Int64, entries: Int64)? {
        let last = try store.ledger.head(of: .store).flatMap { try store.ledger.entries(from: $0, limit: 1).first }
        return try last.flatMap { entry in try StoreRestoration(entry).map { (entry.sequence, $0.entries) } }
    }

    /// The names by which other tools find images must lead where the ledger says.
    private static func finding(_ name: StoreFinding) -> Finding {
        Finding(entry: nil, kind: "name", explanation: "\(name.subject): \(name.explanation)")
    }

    /// Every promotion passed the gates that the ledger alone answers.
    private func passedGates() throws -> [Finding] {
        try store.promotion.doubtfulPromotions(by: BuilderSearch(store: store).proofs).map {
            Finding(entry: $0.entry, kind: "gate", explanation: $0.explanation)
        }
    }

    /// What keys signed, where some are trusted; what people signed, and whether each move could be one that bake makes: that
    /// takes no key.
    private func checkEntries() throws -> (SignatureCheck?, SignedActCheck, SlotReplay) {
        var statements = try trusted.map { try SignatureCheck(store: store, trusted: $0) }
        var replay = SlotReplay()
        let approvals = ApprovalReplay(
            contributors: { [store] from, to in
                try? CommitHistory([{ store.keptHistory(of: to) }]).contributors(from, to)
            },
            verdict: { [store] in try store.generations.find($0)?.record.verdict?.digest })
        var acts = SignedActCheck(signers: people, store: try store.identity(), approvals: approvals)
        try store.ledger.forEach { entry in
            try statements?.take(entry, behind: replay)
            try acts.take(entry)
            try replay.take(entry)
        }
        statements?.finish()
        return (statements, acts, replay)
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
