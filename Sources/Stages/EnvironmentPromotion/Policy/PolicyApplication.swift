import BakeModel
import LedgerDatabase
import SSHSignatures

extension EnvironmentPromotion {
    /// The policy that is in force; an empty one before the first was applied.
    public func policy() throws -> Policy { try ledger.read { try Self.policy(in: $0) } }

    /// Every policy that ever came into force up to an entry, with the entry that put it there, in their order.
    public func policies(through last: Int64) throws -> [(entry: Int64, policy: Policy)] {
        try ledger.read { try $0.entries(PolicyApplied.self, of: .policy) }
            .map { ($0.entry.sequence, $0.act.policy) }.filter { $0.0 <= last }
    }

    /// Puts a policy in force. The old ones stay in the ledger.
    ///
    /// Where the policy in force names operators, one of them signs. The first policy that names some is signed by one of
    /// those it names, which proves that somebody can sign the next. A dry run needs no signature.
    /// - Returns: the number of the entry; nil where this very policy is in force, and for a dry run.
    /// - Throws: `StatementError`, `SignatureFault`; `UnprovedAct` where one before was never put in force by those who may.
    public func apply(_ policy: Policy, for request: Request) throws -> Int64? {
        try confirmOperators()
        let (current, head, store, now) = try ledger.read { transaction in
            (
                try Self.policy(in: transaction), try transaction.head(of: .policy),
                try Self.store(in: transaction), try Self.now(request.clock, in: transaction)
            )
        }
        if head != nil, current == policy { return nil }
        if !policy.operators.isEmpty, policy.operators.allSatisfy({ policy.signers?.isSurelyOver($0, at: now) ?? true })
        {
            throw StatementError.noOperatorLeft(policy.operators)
        }
        let judge = current.judge(of: policy)
        let statement = ActStatement(
            action: .policy, store: store, time: now, reason: request.reason, policy: policy.digest, entry: head,
            targets: [])
        let signed = try request.signer.map {
            try Self.signed(statement, by: $0, signers: judge.signers, at: now)
        }
        // What it would change may be looked at by everybody; a signature that is given must count.
        if request.isDryRun, signed == nil { return nil }
        try judge.admit(signed?.signer)
        if request.isDryRun { return nil }
        let entries = try ledger.append(
            [PolicyApplied(policy: policy, signed: signed).act], by: request.actor.signed(by: signed?.signer),
            clock: request.clock, expecting: [.policy: head])
        return entries.first?.sequence
    }

    /// The policy that was in force before an entry; an empty one before the first was applied.
    public func policy(before entry: Int64) throws -> Policy {
        try ledger.read { try $0.latest(PolicyApplied.self, of: .policy, through: entry - 1)?.act.policy } ?? .empty
    }

    static func policy(in transaction: ViewTransaction) throws -> Policy {
        try transaction.latest(PolicyApplied.self, of: .policy)?.act.policy ?? .empty
    }

    /// The entry that put the policy in force; 0 before the first.
    static func policyEntry(in transaction: ViewTransaction) throws -> Int64 {
        try transaction.latest(PolicyApplied.self, of: .policy)?.entry.sequence ?? 0
    }
}

extension Policy {
    /// The rules of an environment.
    /// - Throws: `PromotionError.unknownEnvironment`.
    func rules(of name: EnvironmentName) throws(PromotionError) -> EnvironmentPolicy {
        guard let rules = environment(name) else {
            throw .unknownEnvironment(name, known: environments.map(\.name))
        }
        return rules
    }

    /// Refuses who is no operator, where there are some.
    fileprivate func admit(_ signer: String?) throws {
        guard !operators.isEmpty else { return }
        guard let signer else { throw StatementError.unsignedPolicy(operators: operators) }
        guard operators.contains(signer) else {
            throw StatementError.notAmong(signer, what: "policies are signed by", people: operators)
        }
    }
}
