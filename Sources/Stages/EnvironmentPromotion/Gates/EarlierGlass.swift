import BakeModel
import LedgerDatabase

extension SituationReader {
    /// Whether a second person has looked at a promotion past its gates. Signatures are verified here and now: writing the
    /// ledger is no authority, and broken glass before the gate is rare.
    func isSettled(_ move: SlotMove, _ entry: Entry) throws -> Bool {
        let reviews = try reviews(ofGlass: entry.sequence, in: move.slot)
        guard let closing = reviews.last(where: \.act.isClosing) else { return false }
        let applied = try transaction.latest(PolicyApplied.self, of: .policy, through: closing.entry)
        let signers = applied?.act.policy.signers
        let promoter = entry.actor.signer ?? signers?.person(called: entry.actor.observedName)
        let store = try EnvironmentPromotion.store(in: transaction)
        let looks = reviews.filter {
            $0.entry <= closing.entry && $0.act.signed.problem(by: signers, of: store, at: $0.time) == nil
        }
        // Where nobody knows who broke the glass, it may be one of those who looked.
        return Set(looks.map(\.act.signed.signer)).subtracting([promoter].compactMap(\.self)).count
            >= (promoter == nil ? 2 : 1)
    }
}
