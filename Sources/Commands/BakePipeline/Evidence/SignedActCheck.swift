import BakeModel
import EnvironmentPromotion
import SSHSignatures

/// Policies, approvals, promotions and rejections against the people whose keys are kept outside the store: what the
/// ledger says that somebody signed is only believed where their key did. Without such keys, those of the store's own policies
/// are taken: that finds what somebody wrote into the ledger who could not put a policy in force.
struct SignedActCheck {
    /// Who signs, from outside the store; nil where the policy in force says so.
    private let trusted: AllowedSigners?
    private let store: String
    /// Who had a part in the commits that lead from one to another; nil where the store's commits do not tell.
    private let contributors: (CommitID?, CommitID) -> [Contributor]?
    private(set) var findings: [StoreVerification.Finding] = []
    /// How many signatures hold.
    private(set) var signatures = 0
    private var succession = PolicySuccession()
    private var policy: Policy { succession.policy }
    /// The approvals whose signatures hold, by entry.
    private var approvals: [Int64: Approval] = [:]
    /// The latest correction of the clock.
    private var corrected: Int64 = 0
    private var glass = GlassCheck()
    /// When an image was last promoted to a slot: what was signed before is used up.
    private var promotions: [Slot: [Digest: Int64]] = [:]

    /// - Parameters:
    ///   - signers: who signs, as OpenSSH's `allowed_signers` says, from outside the store; nil where nobody there says so.
    ///   - store: what tells the store from all others.
    ///   - contributors: who had a part in the commits that lead from one to another, where the store's commits tell.
    init(
        signers: AllowedSigners?, store: String, contributors: @escaping (CommitID?, CommitID) -> [Contributor]?
    ) {
        trusted = signers
        self.store = store
        self.contributors = contributors
    }

    /// Looks at the next entry.
    mutating func take(_ entry: Entry) throws {
        if let applied = try PolicyApplied(entry) { return check(applied, entry) }
        if let approval = try Approval(entry), holds(approval.signed, entry) { approvals[entry.sequence] = approval }
        if let correction = try ClockCorrection(entry) { return check(correction, entry) }
        if let review = try GlassReview(entry), holds(review.signed, entry),
            let problem = glass.problem(of: review, policy, barred: barred)
        {
            note("review", entry, problem)
        }
        if let signed = try Rejection(entry)?.signed { _ = holds(signed, entry) }
        let moves = try SlotMove.all(of: entry)
        glass.take(moves, entry)
        if let signed = moves.first?.signed, holds(signed, entry) {
            for move in moves where !Self.isAbout(move, signed.statement) {
                note("signature", entry, "what is signed is not the move of \(move.slot) to \(move.to)")
            }
        }
        for move in moves where move.direction == .promote {
            check(move, entry)
            promotions[move.slot, default: [:]][move.image] = entry.sequence
        }
    }

    private mutating func check(_ applied: PolicyApplied, _ entry: Entry) {
        let (trusted, store) = (trusted, store)
        let fault = succession.take(applied, entry.sequence) { signed, judge in
            signed.problem(by: trusted ?? judge.signers, of: store, at: entry.time)
        }
        if applied.signed != nil, fault == nil { signatures += 1 }
        if let fault { note(fault == .unsigned ? "unsigned" : "signature", entry, fault.explanation) }
    }

    private mutating func check(_ correction: ClockCorrection, _ entry: Entry) {
        let problem = correction.problem(
            by: policy, trusting: trusted ?? policy.signers, of: store, since: corrected, entry)
        corrected = entry.sequence
        if correction.signed != nil, problem == nil { signatures += 1 }
        if let problem { note(correction.signed == nil ? "unsigned" : "signature", entry, problem) }
    }

    /// A promotion that says that people approved it names entries in which they did.
    private mutating func check(_ move: SlotMove, _ entry: Entry) {
        guard move.policy == policy.digest else {
            return note(
                "policy", entry, "it names another policy than the one in force, entry \(succession.entry ?? 0)")
        }
        guard let rule = policy.environment(move.slot.environment)?.approve, move.brokenGlass == nil else { return }
        let named = Set(move.gates.filter { $0.isMet && $0.name.hasPrefix("approve ") }.flatMap(\.entries))
        let used = promotions[move.slot]?[move.image] ?? 0
        let since = max(used, succession.entry ?? 0)
        let people = named.filter { $0 > since }.compactMap { approvals[$0] }
            .filter { $0.slot == move.slot && $0.image == move.image && rule.by.contains($0.signed.signer) }
            .filter { $0.signed.statement.policy == policy.digest }
            .map(\.signed.signer)
        let barred = barred(rule, move)
        for person in Set(people).intersection(barred.keys).sorted() {
            note("approval", entry, "\(person) approved \(move.slot), and is \(barred[person] ?? "")")
        }
        let count = Set(people).subtracting(barred.keys).count
        guard count < rule.need else { return }
        note("approval", entry, "\(rule.need) approvals were needed, and \(count) are proved for \(move.slot)")
    }

    /// The people who had a part in what came, and which. Each commit is proved by its hash, so that this needs no repository.
    private func barred(_ rule: ApprovalRule, _ move: SlotMove) -> [String: String] {
        let parts = rule.never.filter { $0 != .promoter }
        guard !parts.isEmpty, let facts = move.facts else { return [:] }
        let found = (contributors(facts.fromCommit, move.commit) ?? []).filter { parts.contains($0.part) }
        let named = found.compactMap { contributor in
            policy.signers?.person(called: contributor.mail).map {
                ($0, "\(contributor.part.rawValue) of \(contributor.commit.short)")
            }
        }
        return Dictionary(named) { first, _ in first }
    }

    private mutating func holds(_ signed: SignedStatement, _ entry: Entry) -> Bool {
        if let problem = signed.problem(by: trusted ?? policy.signers, of: store, at: entry.time) {
            note("signature", entry, problem)
            return false
        }
        signatures += 1
        return true
    }

    private static func isAbout(_ move: SlotMove, _ statement: ActStatement) -> Bool {
        statement.action == .promote
            && statement.targets.contains {
                $0.slot == move.slot && $0.generation == move.to && $0.image == move.image
            }
    }

    private mutating func note(_ kind: String, _ entry: Entry, _ explanation: String) {
        findings.append(
            StoreVerification.Finding(entry: entry.sequence, kind: kind, explanation: explanation))
    }
}
