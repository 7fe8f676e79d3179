import BakeModel
import LedgerDatabase
import SSHSignatures

/// Generations that are to enter an environment, all or none.
public struct PromotionOrder: Sendable {
    /// The generations, each of another pipeline.
    public let generations: [GenerationRecord]
    /// Where to.
    public let environment: EnvironmentName
    /// Whether frozen slots are opened by the same append.
    public var isThawing = false
    /// Whether the policy asks, and no person.
    public var isAutomatic = false
    /// Why it is to be done although gates are unmet; nil where it is not.
    public var brokenGlass: String?
    /// Tests that were run for a dry run, which records none.
    public var unrecorded: [TestRecord] = []
    /// The digest of the executable that decides; nil where it cannot be read.
    public var program: @Sendable () -> Digest? = { nil }
    /// Throws where a generation's image was given up. Asked after the slots were looked at: a collection moves their heads.
    public var confirmImage: @Sendable (GenerationRecord) throws -> Void = { _ in }
    /// Finds what builders signed of a generation. Asked where the environment wants to know.
    public var proofs = BuilderProofs.none
    /// Throws where the ledger is not what is known of it outside. Asked last, where something is about to move: it may take a
    /// network.
    public var confirmPast: @Sendable () throws -> Void = {}
    /// Whether a time service keeps the machine's clock; nil where the kernel does not say.
    public var isClockKept: Bool?

    /// Names what is to move.
    public init(_ generations: [GenerationRecord], to environment: EnvironmentName) {
        self.generations = generations
        self.environment = environment
    }
}

extension EnvironmentPromotion {
    /// Puts generations into an environment, all or none.
    /// - Parameter history: what the repository of each generation tells.
    /// - Throws: `PromotionError`; `LedgerError.lostRace` where one of the very slots moved meanwhile.
    public func promote(
        _ order: PromotionOrder, history: @escaping @Sendable (GenerationRecord) -> CommitHistory, for request: Request
    ) throws -> Outcome {
        if let twice = order.generations.first(where: { generation in
            order.generations.filter { $0.id.pipeline == generation.id.pipeline }.count > 1
        }) {
            throw PromotionError.samePipeline(twice.id.pipeline)
        }
        try confirmOperators()
        while true {
            let promotion = try Promotion(order: order, history: history, request: request, promotion: self)
            do {
                return try promotion.run()
            } catch LedgerError.lostRace(let subject) where !promotion.moves(subject) {
                // Another policy came into force, somebody signed, or an image was rejected: that judges.
                continue
            }
        }
    }
}

/// A promotion that is asked for, and how it is decided.
struct Promotion {
    let order: PromotionOrder
    let history: @Sendable (GenerationRecord) -> CommitHistory
    let request: EnvironmentPromotion.Request
    let promotion: EnvironmentPromotion
    private let signed: SignedStatement?

    init(
        order: PromotionOrder, history: @escaping @Sendable (GenerationRecord) -> CommitHistory,
        request: EnvironmentPromotion.Request, promotion: EnvironmentPromotion
    ) throws {
        self.order = order
        self.history = history
        self.promotion = promotion
        let targets = order.generations.map { generation in
            ActStatement.Target(
                slot: Slot(pipeline: generation.id.pipeline, environment: order.environment),
                generation: generation.id, image: generation.image, verdict: generation.verdict?.digest)
        }
        signed = try promotion.sign(.promote, targets, for: request)
        self.request = request.signed(by: signed?.signer)
    }

    /// Whether a subject is one of the slots that are to move.
    func moves(_ subject: Subject) -> Bool {
        order.generations.contains {
            subject == .slot(Slot(pipeline: $0.id.pipeline, environment: order.environment))
        }
    }

    func run() throws -> EnvironmentPromotion.Outcome {
        let decisions = try order.generations.map { try decide($0) }
        let refusals = decisions.compactMap(\.refusal)
        guard refusals.isEmpty else {
            let held = decisions.filter { $0.refusal == nil && !$0.isThere }.map(\.move)
            throw refusals.count == 1 && held.isEmpty ? refusals[0] : PromotionError.several(refusals, held: held)
        }
        let moving = decisions.filter { !$0.isThere }
        let thaws = decisions.filter(\.isOpening).map {
            SlotFreeze(slot: $0.move.slot, isFrozen: false, reason: request.reason)
        }
        let moves = moving.map(\.move)
        let acts: [any RecordedAct] = (JointMove(moves).map { [$0] } ?? moves) + thaws
        let heads = decisions.reduce(into: [Subject: Int64?]()) { $0.merge($1.heads) { first, _ in first } }
        if !acts.isEmpty { try order.confirmPast() }
        let entry = acts.isEmpty ? nil : try promotion.append(acts, expecting: heads, for: request)
        let shown = moves.isEmpty ? decisions.map(\.move) : moves
        return EnvironmentPromotion.Outcome(
            move: shown[0], others: Array(shown.dropFirst()), entry: entry, isNothingToDo: moves.isEmpty,
            opened: moves.isEmpty ? thaws.compactMap { if case .slot(let slot) = $0.scope { slot } else { nil } } : [])
    }

    /// What is to be done about one generation, and what must not have moved until then.
    private struct Decision {
        let move: SlotMove
        let isThere: Bool
        let isOpening: Bool
        let refusal: PromotionError?
        let heads: [Subject: Int64?]
    }

    private func decide(_ generation: GenerationRecord) throws -> Decision {
        let history = history(generation)
        let (situation, heads) = try situation(of: generation, history)
        let state = situation.state
        let isThere = state.current?.generation == generation.id
        if !isThere { try order.confirmImage(generation) }
        let gates = isThere ? [] : Gates.ask(situation)
        let isOpening = order.isThawing && state.freezes(at: situation.clock).contains { $0.scope == .slot(state.slot) }
        let unmet = gates.filter { !$0.isMet }
        let isBroken = order.brokenGlass != nil && !unmet.isEmpty && !situation.isBarred
        let move = move(situation, gates, history, isBroken: isBroken)
        var refusal = isThere ? nil : ancestor(situation, history)
        if refusal == nil, !unmet.isEmpty, !isBroken { refusal = .refused(move) }
        return Decision(move: move, isThere: isThere, isOpening: isOpening, refusal: refusal, heads: heads)
    }

    private func move(
        _ situation: PromotionSituation, _ gates: [SlotMove.Gate], _ history: CommitHistory, isBroken: Bool
    ) -> SlotMove {
        let generation = situation.generation
        let current = situation.state.current
        let facts = PromotionFacts(
            store: situation.store, fromImage: current?.image, fromCommit: current?.commit,
            commits: situation.contributors.commits, of: generation,
            isClockKept: order.isClockKept, program: order.program())
        return SlotMove(
            slot: situation.slot, direction: .promote, from: current?.generation, to: generation.id,
            image: generation.image, commit: generation.commit.id, policy: situation.policy.digest, gates: gates,
            // Where no gate was unmet nothing was broken, but why is why.
            reason: request.reason ?? (isBroken ? nil : order.brokenGlass), isAutomatic: order.isAutomatic,
            brokenGlass: isBroken ? order.brokenGlass : nil,
            facts: facts, signed: signed)
    }

    /// One snapshot; signatures are verified and the repository is asked behind it.
    func situation(
        of generation: GenerationRecord, _ history: CommitHistory
    ) throws -> (PromotionSituation, [Subject: Int64?]) {
        let slot = Slot(pipeline: generation.id.pipeline, environment: order.environment)
        var (snapshot, said) = try promotion.ledger.read { transaction in
            let now = try EnvironmentPromotion.now(request.clock, in: transaction)
            let basis = try PromotionBasis(in: transaction)
            var snapshot = try PromotionSnapshot(generation, to: slot, by: basis, at: now, in: transaction)
            snapshot.add(order.unrecorded)
            return (snapshot, try Said(of: generation, at: slot, in: transaction))
        }
        try snapshot.count(by: order.proofs)
        let check = ApprovalCheck(
            policy: snapshot.basis.policy, policyEntry: snapshot.basis.policyEntry, store: snapshot.basis.store,
            generation: generation, tests: snapshot.tests)
        let asksWhoWrote = snapshot.rules.approve?.never.contains { $0 != .promoter } ?? false
        let from = snapshot.state.current?.commit
        let contributors =
            from != nil || asksWhoWrote ? Contributors(history, from: from, to: generation.commit.id) : .untold
        let provenance = try snapshot.provenance(order.proofs, among: order.proofs.statements)
        let situation = snapshot.situation(
            for: request, isThawing: order.isThawing, isBelow: said.isBelow,
            approvals: said.approvals.map(check.check), openGlass: said.openGlass, provenance: provenance,
            contributors: contributors)
        return (situation, snapshot.heads)
    }

    /// What people said of a generation at a slot, and whether it is there below.
    private struct Said {
        let approvals: [PromotionSituation.Recorded<Approval>]
        let openGlass: Int64?
        let isBelow: Bool

        init(of generation: GenerationRecord, at slot: Slot, in transaction: ViewTransaction) throws {
            approvals = try SituationReader(transaction: transaction).approvals(of: generation.image, at: slot)
            openGlass = try EnvironmentPromotion.openGlass(of: slot, generation.id, in: transaction)?.entry
            isBelow = try EnvironmentPromotion.holds(slot, generation.id, in: transaction)
        }
    }

    /// A job that is run again must not bring an older commit back; that is what rollbacks are for.
    private func ancestor(_ situation: PromotionSituation, _ history: CommitHistory) -> PromotionError? {
        let generation = situation.generation
        guard let current = situation.state.current, isOlder(generation, than: current, situation.isBelow, history)
        else {
            return nil
        }
        return .ancestor(
            generation.id, of: current.generation, situation.slot, isBelow: situation.isBelow)
    }

    private func isOlder(
        _ generation: GenerationRecord, than current: SlotState.Place, _ isBelow: Bool, _ history: CommitHistory
    ) -> Bool {
        // Where drafts come and go there is no older and newer: a draft gives way to everything.
        if current.generation.isDraft || generation.id.isDraft { return false }
        let isLower = generation.id.number < current.generation.number
        // One commit makes several generations where the base moved: then the numbers tell.
        if current.commit == generation.commit.id { return isLower }
        return history.isAncestor(generation.commit.id, current.commit) ?? (isLower || isBelow)
    }
}
