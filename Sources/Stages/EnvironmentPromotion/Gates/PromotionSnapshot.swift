import BakeModel
import LedgerDatabase

/// By what promotions are judged: the policy in force, and which store this is.
struct PromotionBasis {
    var policy: Policy
    /// The entry that put the policy in force; 0 before the first.
    var policyEntry: Int64
    let store: String

    init(in transaction: ViewTransaction) throws {
        let applied = try transaction.latest(PolicyApplied.self, of: .policy)
        (policy, policyEntry) = (applied?.act.policy ?? .empty, applied?.entry.sequence ?? 0)
        store = try EnvironmentPromotion.store(in: transaction)
    }
}

/// What one snapshot of the ledger says of a generation and a slot.
struct PromotionSnapshot {
    let generation: GenerationRecord
    let state: SlotState
    let rules: EnvironmentPolicy
    let basis: PromotionBasis
    let now: Timestamp
    let stay: PromotionSituation.Stay
    /// When the image came to be, where it soaks from then on; nil where nobody asks.
    let birth: (time: Timestamp, entry: Int64)?
    let rejection: PromotionSituation.Recorded<Rejection>?
    private(set) var tests: [PromotionSituation.Recorded<TestRecord>]
    private(set) var rebakes: [PromotionSituation.Recorded<RebakeRecord>]
    /// What would open a gate, and no builder signed it although the environment wants that.
    private(set) var unproved = PromotionSituation.Unproved()
    let heads: [Subject: Int64?]

    /// - Parameter now: the present for everything that is judged.
    init(
        _ generation: GenerationRecord, to slot: Slot, by basis: PromotionBasis, at now: Timestamp,
        in transaction: ViewTransaction
    ) throws {
        self.generation = generation
        self.basis = basis
        self.now = now
        let reader = SituationReader(transaction: transaction)
        let image = generation.image
        rules = try basis.policy.rules(of: slot.environment)
        // A stack has as many places as the slot had promotions: only its top is read.
        state = try EnvironmentPromotion.state(of: slot, depth: 1, in: transaction)
        try reader.confirm(state.current, in: slot)
        stay =
            try rules.after.map {
                try reader.stay(of: image, at: Slot(pipeline: slot.pipeline, environment: $0))
            } ?? .never
        birth = rules.soak != nil && rules.after == nil ? try reader.birth(of: image) : nil
        rejection = try reader.rejection(of: image)
        tests = try reader.tests(of: image)
        rebakes = try reader.rebakes(of: generation)
        var heads = state.heads
        for subject in [Subject.policy, .image(image)] { heads[subject] = try transaction.head(of: subject) }
        self.heads = heads
    }

    /// Adds tests that were run for a dry run, which records none.
    mutating func add(_ unrecorded: [TestRecord]) {
        tests += unrecorded.filter { $0.image == generation.image }
            .map { PromotionSituation.Recorded(act: $0, entry: 0, time: now) }
    }

    /// Where the environment wants what builders signed, what opens a gate counts only where one of them did: writing the ledger is
    /// no authority. What closes one counts whoever says it.
    mutating func count(by proofs: BuilderProofs) throws {
        guard rules.require.contains(.provenance) else { return }
        let builders = basis.policy.builders
        (tests, unproved.tests) = try Self.split(tests) { test, previous in
            let place = FindingPlace(store: basis.store, previous: previous)
            // One that a dry run made is in no entry: it would be signed.
            let isProved = test.entry > 0 ? proofs.test : { _, _, _ in try proofs.isBuilder(builders) }
            return try test.act.verdict.failed > 0 || isProved(test.act, place, builders)
        }
        (rebakes, unproved.rebakes) = try Self.split(rebakes) { rebake, previous in
            let place = FindingPlace(store: basis.store, previous: previous)
            return try rebake.act.verdict == .differs || proofs.rebake(rebake.act, place, builders)
        }
    }

    /// Who signed how the generation was made, where the environment wants to know.
    func provenance(
        _ proofs: BuilderProofs, among statements: (GenerationRecord) throws -> [StatementFacts]
    ) throws -> ProvenanceProof {
        guard rules.require.contains(.provenance) else { return .unknown }
        return try proofs.provenance(generation, try statements(generation), basis.policy.builders)
    }

    /// Those that count and those that do not; each is asked about with the entry of the one before it.
    private static func split<Act>(
        _ all: [PromotionSituation.Recorded<Act>], _ counts: (PromotionSituation.Recorded<Act>, Int64) throws -> Bool
    ) rethrows -> (counting: [PromotionSituation.Recorded<Act>], others: [PromotionSituation.Recorded<Act>]) {
        var (counting, others): ([PromotionSituation.Recorded<Act>], [PromotionSituation.Recorded<Act>]) = ([], [])
        var previous: Int64 = 0
        for item in all {
            if try counts(item, previous) { counting.append(item) } else { others.append(item) }
            previous = item.entry
        }
        return (counting, others)
    }

    /// What gates are asked about, with what no snapshot tells.
    func situation(
        for request: EnvironmentPromotion.Request, isThawing: Bool, isBelow: Bool = false,
        approvals: [PromotionSituation.CheckedApproval] = [], openGlass: Int64? = nil,
        provenance: ProvenanceProof = .unknown, contributors: Contributors = .untold
    ) -> PromotionSituation {
        PromotionSituation(
            generation: generation, state: state, isBelow: isBelow, rules: rules, policy: basis.policy,
            store: basis.store,
            actor: request.actor, reason: request.reason, isThawing: isThawing, clock: request.clock, now: now,
            stay: stay, birth: birth, rejection: rejection, tests: tests, rebakes: rebakes, unproved: unproved,
            approvals: approvals,
            openGlass: openGlass, provenance: provenance, contributors: contributors)
    }
}
