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
        (tests, unproved.tests) = try proofs.split(tests, of: basis.store, among: builders)
        (rebakes, unproved.rebakes) = try proofs.split(rebakes, of: basis.store, among: builders)
    }

    /// Who signed how the generation was made, where the environment wants to know.
    func provenance(
        _ proofs: BuilderProofs, among statements: (GenerationRecord) throws -> [StatementFacts]
    ) throws -> ProvenanceProof {
        guard rules.require.contains(.provenance) else { return .unknown }
        return try proofs.provenance(generation, try statements(generation), basis.policy.builders)
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
