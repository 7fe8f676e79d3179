import BakeModel
import LedgerDatabase

extension EnvironmentPromotion {
    /// The policy that is in force; an empty one before the first was applied.
    public func policy() throws -> Policy { try ledger.read { try Self.policy(in: $0) } }

    /// Puts a policy in force. The old ones stay in the ledger.
    /// - Returns: the number of the entry; nil where this very policy is in force, and for a dry run.
    public func apply(_ policy: Policy, for request: Request) throws -> Int64? {
        let (current, head) = try ledger.read { transaction in
            (try Self.policy(in: transaction), try transaction.head(of: .policy))
        }
        if head != nil, current == policy { return nil }
        if request.isDryRun { return nil }
        let entries = try ledger.append(
            [PolicyApplied(policy: policy).act], by: request.actor, clock: request.clock, expecting: [.policy: head])
        return entries.first?.sequence
    }

    static func policy(in transaction: ViewTransaction) throws -> Policy {
        guard let row = try transaction.row(SlotQuery.policy.rawValue),
            let sequence = row["entry"].integer
        else { return Policy.empty }
        guard let applied = try PolicyApplied(try transaction.entry(sequence)) else {
            throw LedgerError.damaged(path: "the view slots", detail: "entry \(sequence) is no policy")
        }
        return applied.policy
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
}
