import BakeModel
import LedgerDatabase
import SSHSignatures

extension EnvironmentPromotion {
    /// What somebody is about to sign, or has signed elsewhere.
    public enum Consent: Sendable {
        /// The requester's key signs now.
        case now
        /// A statement and its signature, made elsewhere.
        case elsewhere(statement: [UInt8], signature: String)
    }

    /// What became of an approval.
    public struct ApprovalOutcome: Hashable, Sendable {
        /// Who signed what.
        public let signed: SignedStatement
        /// The slot.
        public let slot: Slot
        /// The number of its entry; nil where that person had signed already, and for a dry run.
        public let entry: Int64?
        /// What that person had signed already and counts; nil where nothing.
        public let earlier: Earlier?
        /// For the review of a promotion past its gates: whether that settles it.
        public let isClosing: Bool?
        /// Why nobody can settle it as the policy stands; nil where somebody can, or it is settled.
        public let lack: LackOfLookers?

        /// A signature that was taken before.
        public struct Earlier: Hashable, Sendable {
            /// The number of its entry.
            public let entry: Int64
            /// The reason that was signed with it.
            public let reason: String?
        }
    }

    /// The statement that an approver of a generation signs now: of a promotion to come, or of one past its gates.
    public func statement(of generation: GenerationRecord, in slot: Slot, for request: Request) throws -> ActStatement {
        try ledger.read { try ApprovalQuestion(generation, slot, request, in: $0) }.statement
    }

    /// Records that somebody signed that a generation may enter an environment; where it is there past its gates, that
    /// they looked at it.
    /// - Parameter history: what the repository of the generation tells: who wrote what came past its gates does not settle it.
    /// - Throws: `StatementError`, `SignatureFault`, `PromotionError`.
    public func approve(
        _ generation: GenerationRecord, in slot: Slot, consent: Consent, history: CommitHistory, for request: Request
    ) throws -> ApprovalOutcome {
        try confirmOperators()
        let question = try ledger.read { try ApprovalQuestion(generation, slot, request, in: $0) }
        let signed = try signed(question, consent, request)
        let lack = try question.admit(signed.signer, history)
        if case .elsewhere = consent, let entry = try used(signed, slot) { throw StatementError.used(entry: entry) }
        let act: any RecordedAct
        var isClosing: Bool?
        if let move = question.glass {
            isClosing = question.closes(signed.signer, move)
            guard let review = GlassReview(signed, isClosing: isClosing ?? false) else {
                throw StatementError.foreign("no review")
            }
            act = review
        } else {
            guard let approval = Approval(signed) else { throw StatementError.foreign("no approval") }
            act = approval
        }
        let earlier = question.earlier(of: signed.signer)
        let entry =
            earlier == nil
            ? try append([act], expecting: question.heads, for: request.signed(by: signed.signer)) : nil
        return ApprovalOutcome(
            signed: signed, slot: slot, entry: entry, earlier: earlier, isClosing: isClosing,
            lack: isClosing == false ? lack : nil)
    }

    private func signed(
        _ question: ApprovalQuestion, _ consent: Consent, _ request: Request
    ) throws -> SignedStatement {
        switch consent {
        case .now:
            guard let signer = request.signer else { throw StatementError.nobodySigns }
            return try Self.signed(
                question.statement, by: signer, signers: question.policy.signers, at: question.now)
        case .elsewhere(let bytes, let signature):
            guard let statement = (try? JSON(parsing: bytes)).flatMap(ActStatement.init),
                statement.json.canonicalBytes == bytes
            else { throw StatementError.foreign("it is none that bake wrote") }
            try question.confirm(statement)
            return try Self.verified(statement, signature, signers: question.policy.signers, at: question.now)
        }
    }

    /// The entry in which the very statement was taken from the same person; nil where it is new. The armour of a signature
    /// may be written in many ways, and some keys sign the same bytes in many ways, too.
    private func used(_ signed: SignedStatement, _ slot: Slot) throws -> Int64? {
        guard let image = signed.statement.targets.first?.image else { return nil }
        return try ledger.read { transaction in
            try SituationReader(transaction: transaction).everyApproval(of: image, at: slot)
                .first { $0.act.signed.repeats(signed) }?.entry
        }
    }
}

/// What one snapshot says about an approval that is to be given.
private struct ApprovalQuestion {
    let generation: GenerationRecord
    let policy: Policy
    /// What the environment wants; nil where the policy does not know it any more, and only glass is left to be settled.
    let rules: EnvironmentPolicy?
    let now: Timestamp
    /// The promotion past its gates that waits for a second person; nil where none does.
    let glass: PromotionSituation.Recorded<SlotMove>?
    let statement: ActStatement
    let heads: [Subject: Int64?]
    private let promoter: String?
    /// The user who broke the glass; nil where the policy knows who that is.
    private let stranger: String?
    /// Who signed before, each asked only when it matters: the signatures of approvals are verified then, outside of the
    /// snapshot.
    private let signed: Signed

    private enum Signed {
        case reviews([PromotionSituation.Recorded<GlassReview>])
        case approvals([PromotionSituation.Recorded<Approval>], ApprovalCheck)
    }

    private static let patience: Int64 = 300_000

    init(
        _ generation: GenerationRecord, _ slot: Slot, _ request: EnvironmentPromotion.Request,
        in transaction: ViewTransaction
    ) throws {
        self.generation = generation
        let reader = SituationReader(transaction: transaction)
        policy = try EnvironmentPromotion.policy(in: transaction)
        now = try EnvironmentPromotion.now(request.clock, in: transaction)
        glass = try EnvironmentPromotion.openGlass(of: slot, generation.id, in: transaction)
        rules = try glass == nil ? policy.rules(of: slot.environment) : policy.environment(slot.environment)
        let target = ActStatement.Target(
            slot: slot, generation: generation.id, image: generation.image, verdict: generation.verdict?.digest)
        let store = try EnvironmentPromotion.store(in: transaction)
        statement = ActStatement(
            action: glass == nil ? .approve : .review, store: store, time: now, reason: request.reason,
            policy: policy.digest, entry: glass?.entry, targets: [target])
        heads = [
            .policy: try transaction.head(of: .policy), .slot(slot): try transaction.head(of: .slot(slot)),
            .approvals(slot): try transaction.head(of: .approvals(slot)),
        ]
        if let glass {
            let actor = try transaction.entry(glass.entry).actor
            promoter = actor.signer ?? policy.signers?.person(called: actor.observedName)
            stranger = promoter == nil ? actor.observedName : nil
            signed = .reviews(try reader.reviews(ofGlass: glass.entry, in: slot))
            return
        }
        (promoter, stranger) = (nil, nil)
        let tests = try reader.tests(of: generation.image)
        signed = .approvals(
            try reader.approvals(of: generation.image, at: slot),
            ApprovalCheck(
                policy: policy, policyEntry: try EnvironmentPromotion.policyEntry(in: transaction), store: store,
                generation: generation, tests: tests))
        guard rules?.approve != nil else { throw StatementError.nothingToApprove(slot) }
        if let rejection = try reader.rejection(of: generation.image) {
            throw StatementError.rejected(generation.id, entry: rejection.entry, reason: rejection.act.reason)
        }
    }

    /// A signature of theirs that counts already: one that is void keeps nobody from signing anew.
    func earlier(of person: String) -> EnvironmentPromotion.ApprovalOutcome.Earlier? {
        let found: (entry: Int64, signed: SignedStatement)? =
            switch signed {
            case .reviews(let reviews):
                reviews.first { $0.act.signed.signer == person && isLook($0) }.map { ($0.entry, $0.act.signed) }
            case .approvals(let approvals, let check):
                approvals.first { $0.act.signed.signer == person && check.check($0).problem == nil }
                    .map { ($0.entry, $0.act.signed) }
            }
        return found.map { .init(entry: $0.entry, reason: $0.signed.statement.reason) }
    }

    /// Refuses people whose word does not count here.
    /// - Returns: why broken glass cannot be settled as the policy stands; nil where it can, and for what is no such thing.
    func admit(_ person: String, _ history: CommitHistory) throws -> LackOfLookers? {
        if let glass { return try admitLook(of: person, at: glass.act, history) }
        if let rule = rules?.approve, !rule.by.contains(person) {
            throw StatementError.notAmong(person, what: "approvals are given by", people: rule.by)
        }
        return nil
    }

    /// Whom the policy bars from approving their own work does not settle it either.
    private func admitLook(
        of person: String, at move: SlotMove, _ history: CommitHistory
    ) throws -> LackOfLookers? {
        let bar = rules?.approve.map { rule in
            let asksWhoWrote = rule.never.contains { $0 != .promoter }
            let contributors =
                asksWhoWrote ? Contributors(history, from: move.facts?.fromCommit, to: move.commit) : .untold
            return ApprovalBar(rule, contributors, of: generation, policy)
        }
        let people = (policy.signers?.people ?? []).filter { bar?.part(of: $0) == nil && $0 != promoter }
        let lack = LackOfLookers(user: stranger, people: people)
        if let part = person == promoter ? "they broke the glass" : bar?.part(of: person).map({ "they are \($0)" }) {
            if let lack { throw StatementError.nobodyToLook(person, part: part, lack) }
            throw StatementError.notAmong(person, what: "\(part); a second person looks", people: people)
        }
        if let problem = bar?.problems.first { throw StatementError.unknownPart(person, problem) }
        return lack
    }

    /// Whether one more signature proves that a second person looked. Who broke the glass may be one of those who signed
    /// where nobody knows who it was: then two different people must.
    func closes(_ person: String, _ glass: PromotionSituation.Recorded<SlotMove>) -> Bool {
        guard case .reviews(let reviews) = signed else { return false }
        return Set(reviews.filter(isLook).map(\.act.signed.signer) + [person]).count >= (promoter == nil ? 2 : 1)
    }

    /// Whether somebody signed a look at this very move: writing the ledger is no authority.
    private func isLook(_ review: PromotionSituation.Recorded<GlassReview>) -> Bool {
        review.act.move == glass?.entry && review.act.slot == statement.targets.first?.slot
            && review.act.signed.problem(by: policy.signers, of: statement.store, at: review.time) == nil
    }

    /// Refuses a statement of something else.
    func confirm(_ other: ActStatement) throws {
        let pairs: [(String, Bool)] = [
            ("another act", other.action == statement.action), ("another store", other.store == statement.store),
            ("another policy", other.policy == statement.policy),
            ("another generation, image, verdict or slot", other.targets == statement.targets),
            ("another entry", other.entry == statement.entry),
            ("a time to come", other.time.milliseconds <= now.milliseconds + Self.patience),
        ]
        if let difference = pairs.first(where: { !$0.1 }) { throw StatementError.foreign(difference.0) }
    }
}
