import BakeModel
import LedgerDatabase

extension EnvironmentPromotion {
    /// Closes slots to promotions, or opens them again.
    /// - Parameter until: when they open by themselves.
    /// - Returns: the number of the entry; nil where it already is so, and for a dry run.
    /// - Throws: `PromotionError`.
    public func setFrozen(
        _ isFrozen: Bool, _ scope: SlotFreeze.Scope, until: Timestamp? = nil, for request: Request
    ) throws -> Int64? {
        let (freeze, head) = try ledger.read { transaction in
            switch scope {
            case .slot(let slot): _ = try Self.policy(in: transaction).rules(of: slot.environment)
            case .environment(let name): _ = try Self.policy(in: transaction).rules(of: name)
            case .all: break
            }
            return (try Self.freeze(of: scope, in: transaction), try transaction.head(of: scope.subject))
        }
        if let until, until <= request.clock { throw PromotionError.pastEnd(scope, until) }
        let isClosed = freeze.map { freeze in freeze.until.map { request.clock < $0 } ?? true } ?? false
        if isFrozen, isClosed, let freeze, let until, freeze.until.map({ until < $0 }) ?? true {
            throw PromotionError.frozenLonger(scope, until: freeze.until)
        }
        let saysNew = request.reason != nil && request.reason != freeze?.reason
        if isClosed == isFrozen, !isFrozen || freeze?.until == until && !saysNew { return nil }
        let act = SlotFreeze(scope, isFrozen: isFrozen, until: until, reason: request.reason)
        return try append([act], expecting: [scope.subject: head], for: request)
    }
}
