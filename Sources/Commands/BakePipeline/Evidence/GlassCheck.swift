import BakeModel

/// Second looks at promotions past their gates: whether the people who signed them were second people.
struct GlassCheck {
    /// The moves past their gates, by entry, and who made them.
    private var broken: [Int64: (moves: [SlotMove], actor: Actor)] = [:]
    /// Who looked at a move so far.
    private var reviewers: [Look: Set<String>] = [:]

    private struct Look: Hashable {
        let entry: Int64
        let slot: Slot
    }

    /// Notes what an entry moved past its gates.
    mutating func take(_ moves: [SlotMove], _ entry: Entry) {
        let past = moves.filter { $0.brokenGlass != nil }
        if !past.isEmpty { broken[entry.sequence] = (past, entry.actor) }
    }

    /// What is wrong with a look whose signature holds; nil where nothing is.
    /// - Parameters:
    ///   - policy: the one in force.
    ///   - barred: the people who had a part in what a move brought, and which.
    mutating func problem(
        of review: GlassReview, _ policy: Policy, barred: (ApprovalRule, SlotMove) -> [String: String]
    ) -> String? {
        let person = review.signed.signer
        guard let past = broken[review.move], let move = past.moves.first(where: { $0.slot == review.slot }) else {
            return "\(person) looked at entry \(review.move), which moved nothing of \(review.slot) past its gates"
        }
        let promoter = past.actor.signer ?? policy.signers?.person(called: past.actor.observedName)
        if person == promoter { return "\(person) looked at entry \(review.move), and is who broke the glass" }
        if let rule = policy.environment(move.slot.environment)?.approve, let part = barred(rule, move)[person] {
            return "\(person) looked at entry \(review.move), and is \(part)"
        }
        reviewers[Look(entry: review.move, slot: review.slot), default: []].insert(person)
        let count = reviewers[Look(entry: review.move, slot: review.slot)]?.count ?? 0
        guard review.isClosing, count < (promoter == nil ? 2 : 1) else { return nil }
        return "it settles entry \(review.move), whose promoter nobody knows, with one person's look"
    }
}
