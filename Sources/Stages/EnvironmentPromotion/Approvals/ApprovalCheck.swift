import BakeModel
import SSHSignatures

/// Whether a recorded approval counts for a promotion that is asked for now.
struct ApprovalCheck {
    let policy: Policy
    /// The entry that put it in force: what was signed before counts no more, also where this very policy was in force then.
    let policyEntry: Int64
    let store: String
    let generation: GenerationRecord
    let tests: [PromotionSituation.Recorded<TestRecord>]

    /// Checks it against the policy in force, signature and all.
    func check(_ approval: PromotionSituation.Recorded<Approval>) -> PromotionSituation.CheckedApproval {
        PromotionSituation.CheckedApproval(
            approval: approval, problem: mismatch(approval) ?? fault(approval.act.signed, approval.time))
    }

    private func mismatch(_ approval: PromotionSituation.Recorded<Approval>) -> String? {
        let statement = approval.act.signed.statement
        if statement.store != store { return "signed for another store" }
        if statement.policy != policy.digest || approval.entry < policyEntry { return "the policy changed since" }
        if approval.act.signed.statement.targets.first?.verdict != generation.verdict?.digest {
            return "signed for another verdict"
        }
        if let failure = tests.first(where: { $0.entry > approval.entry && $0.act.verdict.failed > 0 }) {
            return "a test failed since, entry \(failure.entry)"
        }
        return nil
    }

    /// Writing the ledger is no authority: the signature itself must hold, by the signers of now, at the time of then.
    private func fault(_ signed: SignedStatement, _ time: Timestamp) -> String? {
        guard let signers = policy.signers else { return "the policy has no signers" }
        do {
            let signer = try SSHVerifier(signers).signer(
                of: signed.statement.json.canonicalBytes, signature: signed.signature,
                namespace: signed.statement.action.namespace, at: time)
            return signer == signed.signer ? nil : "it is \(signer)'s"
        } catch {
            return (error as? any ExplainedError)?.reason ?? String(describing: error)
        }
    }
}
