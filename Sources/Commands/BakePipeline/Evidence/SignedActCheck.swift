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
    private(set) var findings: [StoreVerification.Finding] = []
    /// How many signatures hold.
    private(set) var signatures = 0
    private var succession = PolicySuccession()
    private var policy: Policy { succession.policy }
    private(set) var approvals: ApprovalReplay
    /// The latest correction of the clock.
    private var corrected: Int64 = 0
    private var glass = GlassCheck()
    /// What was signed, and the entry that took it.
    private var taken: [Digest: Int64] = [:]
    /// The latest entry that says that somebody signed it, and has what they signed.
    private var signed: Entry?

    /// - Parameters:
    ///   - signers: who signs, as OpenSSH's `allowed_signers` says, from outside the store; nil where nobody there says so.
    ///   - store: what tells the store from all others.
    ///   - approvals: what is known of them besides.
    init(signers: AllowedSigners?, store: String, approvals: ApprovalReplay) {
        trusted = signers
        self.store = store
        self.approvals = approvals
    }

    /// Looks at the next entry.
    mutating func take(_ entry: Entry) throws {
        try checkActor(of: entry)
        if let applied = try PolicyApplied(entry) { return check(applied, entry) }
        try approvals.take(entry)
        if let approval = try Approval(entry), holds(approval.signed, entry) { approvals.take(approval, entry) }
        if let correction = try ClockCorrection(entry) { return check(correction, entry) }
        if let review = try GlassReview(entry), holds(review.signed, entry),
            let problem = glass.problem(
                of: review, policy, barred: { [approvals, policy] in approvals.bar($0, $1, nil, policy).parts })
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
        for move in moves where move.direction == .promote { try check(move, entry) }
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
    private mutating func check(_ move: SlotMove, _ entry: Entry) throws {
        let problems = try approvals.problems(of: move, entry, by: policy, since: succession.entry ?? 0)
        guard move.policy == policy.digest else {
            return note(
                "policy", entry, "it names another policy than the one in force, entry \(succession.entry ?? 0)")
        }
        for problem in problems { note("approval", entry, problem) }
    }

    /// "alice (signed)" is said of nobody who signed nothing. What a signed promotion thaws stands behind it.
    private mutating func checkActor(of entry: Entry) throws {
        guard let signer = entry.actor.signer else { return }
        let isSigned = entry.sharedBody["signed"]?["signer"]?.string == signer
        let isThaw = try SlotFreeze(entry) != nil && signed?.actor == entry.actor && signed?.clock == entry.clock
        if isSigned { signed = entry }
        if !isSigned, !isThaw { note("signature", entry, "it says that \(signer) signed it, and nobody did") }
    }

    private mutating func holds(_ signed: SignedStatement, _ entry: Entry) -> Bool {
        if let problem = signed.problem(by: trusted ?? policy.signers, of: store, at: entry.time) {
            note("signature", entry, problem)
            return false
        }
        // What is signed says when: nobody signs the same twice.
        let said = Digest.of(Array(signed.signer.utf8) + signed.statement.json.canonicalBytes)
        if let first = taken[said] {
            note("signature", entry, "\(signed.signer) signed that once, and it was taken in entry \(first)")
            return false
        }
        taken[said] = entry.sequence
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
