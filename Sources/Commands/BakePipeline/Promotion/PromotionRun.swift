import BakeModel
import EnvironmentPromotion
import GitRepository
import Glibc
import LinuxSystem
import Signing
import SourceCheckout

/// Generations → environment, with everything that gates ask for done before: the operator's own checks.
public struct PromotionRun: Sendable {
    private let store: BakeStore
    private let fetchOptions: FetchOptions
    private let key: SigningKey?

    /// Promotes in a store.
    /// - Parameters:
    ///   - fetchOptions: how a repository is reached that keeps the store's checkpoints.
    ///   - key: what signs what the operator's checks find; nil where nothing does.
    public init(store: BakeStore, fetchOptions: FetchOptions, key: SigningKey? = nil) {
        self.store = store
        self.fetchOptions = fetchOptions
        self.key = key
    }

    /// Runs the operator's checks where they were not passed yet, and promotes past the gates.
    /// - Parameters:
    ///   - checkout: finds a recorded commit; nil where its repository is not at hand.
    ///   - repeatsFailures: whether checks that failed before are run again.
    /// - Throws: `PromotionError`; `CollectedImage`; `IncompleteImage`; `ContradictedLedger`; what keeps the checks from being
    ///   run.
    public func promote(
        _ order: PromotionOrder, checkout: @escaping @Sendable (GenerationRecord) -> Checkout?,
        repeatsFailures: Bool = true, for request: EnvironmentPromotion.Request
    ) throws -> EnvironmentPromotion.Outcome {
        var order = order
        // Tens of megabytes are read while the gates are asked.
        let program = Worker { Self.programDigest() }
        order.program = { (try? program.result()) ?? nil }
        order.confirmImage = { [store] generation in
            if let entry = try store.generations.collection(of: generation.id) {
                throw CollectedImage(generation: generation.id, entry: entry)
            }
            if let fault = IncompleteImage(of: generation.id, generation.image, in: store) { throw fault }
        }
        for generation in order.generations { try order.confirmImage(generation) }
        let anchoring = StoreAnchoring(store: store, key: nil, options: fetchOptions)
        order.confirmPast = { try anchoring.confirmPast() }
        order.proofs = BuilderSearch(store: store, key: key).proofs
        order.isClockKept = ClockState.isKept()
        let policy = try store.promotion.policy()
        if let rules = policy.environment(order.environment), let document = rules.spec {
            let builders = rules.require.contains(.provenance) ? policy.builders : nil
            let checks = OperatorChecks(store: store, document: document, key: key, builders: builders)
            order.unrecorded = try checks.run(
                on: order.generations, repeatsFailures: repeatsFailures, for: request)
        }
        return try store.promotion.promote(order, history: { history(of: $0, checkout) }, for: request)
    }

    /// Records what somebody signed of a generation, as `EnvironmentPromotion.approve` does.
    /// - Parameter checkout: finds a recorded commit; nil where its repository is not at hand.
    public func approve(
        _ generation: GenerationRecord, in slot: Slot, consent: EnvironmentPromotion.Consent,
        checkout: @escaping @Sendable (GenerationRecord) -> Checkout?, for request: EnvironmentPromotion.Request
    ) throws -> EnvironmentPromotion.ApprovalOutcome {
        try store.promotion.approve(
            generation, in: slot, consent: consent, history: history(of: generation, checkout), for: request)
    }

    /// How the approvals of a generation for a slot stand; nil where its environment asks for none.
    /// - Parameters:
    ///   - person: whose signature is looked at.
    ///   - checkout: finds a recorded commit; nil where its repository is not at hand.
    public func approvals(
        of generation: GenerationRecord, in slot: Slot, by person: String,
        checkout: @escaping @Sendable (GenerationRecord) -> Checkout?, for request: EnvironmentPromotion.Request
    ) throws -> ApprovalStanding? {
        try store.promotion.approvals(
            of: generation, in: slot, by: person, history: history(of: generation, checkout), for: request)
    }

    /// What the repository at hand tells, else what the store itself keeps.
    private func history(
        of record: GenerationRecord, _ checkout: @escaping @Sendable (GenerationRecord) -> Checkout?
    ) -> CommitHistory {
        CommitHistory([{ checkout(record) }, { [store] in store.keptHistory(of: record.commit.id) }])
    }

    /// The digest of the executable that runs; nil where it cannot be read.
    private static func programDigest() -> Digest? {
        var hasher = DigestHasher()
        do {
            try Descriptor.open("/proc/self/exe", O_RDONLY).readPieces(of: 1 << 20) { hasher.update($0) }
        } catch {
            return nil
        }
        return hasher.finish()
    }
}

extension CommitHistory {
    /// Some seconds' work.
    private static let limit = 100_000

    /// What the first of some repositories tells that can; nothing where none can. Each is opened when it is asked.
    public init(_ checkouts: [@Sendable () -> Checkout?]) {
        self.init(
            isAncestor: { ancestor, commit in Self.first(of: checkouts) { try $0.isAncestor(ancestor, of: commit) } },
            contributors: { from, _ throws(TooManyCommits) in
                // One more tells that there are too many.
                let commits = Self.first(of: checkouts) { try $0.commits(without: from, limit: Self.limit + 1) }
                guard commits?.count ?? 0 <= Self.limit else { throw TooManyCommits(limit: Self.limit) }
                return commits?.flatMap(Contributor.all)
            })
    }

    /// Each is asked at most once; a lazy `compactMap` makes its first element twice.
    private static func first<Answer>(
        of checkouts: [@Sendable () -> Checkout?], _ ask: (Checkout) throws -> Answer
    ) -> Answer? {
        for checkout in checkouts { if let answer = checkout().flatMap({ try? ask($0) }) { return answer } }
        return nil
    }
}

extension Contributor {
    /// Those whom a commit names.
    static func all(of commit: Commit) -> [Contributor] {
        [
            Contributor(commit: commit.id, mail: commit.author.mail, part: .author),
            Contributor(commit: commit.id, mail: commit.committer.mail, part: .committer),
        ]
    }
}

extension BakeStore {
    /// A commit among those that the store keeps, to ask for those before it; nil where it does not keep it.
    func keptHistory(of commit: CommitID) -> Checkout? {
        try? Checkout.local(commits.path, revision: commit.hex, program: program)
    }
}
