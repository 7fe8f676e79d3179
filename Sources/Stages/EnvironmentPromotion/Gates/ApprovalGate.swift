import BakeModel

/// `approve: { need: 2, by: […], never: […] }`: so many different people signed.
enum ApprovalGate {
    static func ask(_ situation: PromotionSituation) -> SlotMove.Gate? {
        situation.rules.approve.map { ask(situation, $0) }
    }

    static func ask(_ situation: PromotionSituation, _ rule: ApprovalRule) -> SlotMove.Gate {
        let bar = Bar(rule, situation)
        var counted: [(person: String, entry: Int64)] = []
        var problems = bar.problems
        if let glass = situation.openGlass {
            problems.append("the next signature is first of all the second look at entry \(glass), past these gates")
        }
        for item in situation.approvals {
            let person = item.approval.act.signed.signer
            guard !counted.contains(where: { $0.person == person }) else { continue }
            if let problem = item.problem ?? bar.reason(against: person, rule) {
                let line = "\(person)'s does not count: \(problem)"
                // People sign again when something changed: once is enough.
                if !problems.contains(line) { problems.append(line) }
            } else {
                counted.append((person, item.approval.entry))
            }
        }
        let isMet = counted.count >= rule.need && bar.problems.isEmpty
        let missing = rule.by.filter { person in
            bar.reason(against: person, rule) == nil && !counted.contains { $0.person == person }
        }
        return SlotMove.Gate(
            name: "approve \(rule.need)", isMet: isMet,
            explanation: explanation(counted.map(\.person), rule, missing, problems, isMet),
            command: isMet || missing.isEmpty || counted.count >= rule.need
                ? nil : "bake approve \(situation.generation.id) \(situation.slot.environment)",
            entries: counted.map(\.entry))
    }

    /// Why a person's signature would not count, or does not; nil where nothing is known against it.
    static func problem(of person: String, _ situation: PromotionSituation, _ rule: ApprovalRule) -> String? {
        let bar = Bar(rule, situation)
        return bar.reason(against: person, rule) ?? bar.problems.first
            ?? situation.approvals.last { $0.approval.act.signed.signer == person }?.problem
    }

    private static func explanation(
        _ people: [String], _ rule: ApprovalRule, _ missing: [String], _ problems: [String], _ isMet: Bool
    ) -> String {
        let names = people.map { "\($0) (signed)" }.joined(separator: ", ")
        let count = "\(people.count)/\(rule.need)" + (names.isEmpty ? "" : "  \(names)")
        if isMet { return count }
        let open = rule.need - people.count
        var parts = [count]
        if open > missing.count {
            parts.append(
                "cannot be met: \(missing.isEmpty ? "nobody is" : "only \(missing.joined(separator: ", ")) is") left to sign"
            )
        } else if open > 0 {
            parts.append("needs \(open) of \(missing.joined(separator: ", "))")
        }
        return (parts + problems).joined(separator: "; ")
    }
}

/// Whose signatures do not count, and what keeps us from knowing.
private struct Bar {
    private var reasons: [String: String] = [:]
    /// Parts that cannot be given to a person: then nobody's signature proves that they had none.
    private(set) var problems: [String] = []

    init(_ rule: ApprovalRule, _ situation: PromotionSituation) {
        if rule.never.contains(.promoter) { barPromoter(situation) }
        let parts = rule.never.filter { $0 != .promoter }
        guard !parts.isEmpty else { return }
        guard let contributors = situation.contributors else {
            problems.append(
                "who wrote the commits cannot be told without their repository: run it in a clone of \(situation.generation.source)"
            )
            return
        }
        barContributors(contributors.filter { parts.contains($0.part) }, situation)
    }

    private mutating func barPromoter(_ situation: PromotionSituation) {
        let actor = situation.actor
        let person = actor.signer ?? situation.policy.signers?.person(called: actor.observedName)
        if let person {
            reasons[person] = "they promote"
        } else {
            problems.append(
                "who promotes is not proved: sign it with --sign, or name \(actor.observedName) in the policy's signers"
            )
        }
    }

    private mutating func barContributors(_ contributors: [Contributor], _ situation: PromotionSituation) {
        var unknown: [String] = []
        for contributor in contributors {
            if let person = situation.policy.signers?.person(called: contributor.mail) {
                reasons[person] = reasons[person] ?? "\(contributor.part.rawValue) of \(contributor.commit.short)"
            } else if !unknown.contains(contributor.mail) {
                unknown.append(contributor.mail)
            }
        }
        guard !unknown.isEmpty else { return }
        let shown =
            unknown.prefix(3).joined(separator: ", ") + (unknown.count > 3 ? " and \(unknown.count - 3) more" : "")
        problems.append("who \(shown) is, the policy's signers do not say")
    }

    /// Why a person's signature does not count; nil where it does.
    func reason(against person: String, _ rule: ApprovalRule) -> String? {
        rule.by.contains(person) ? reasons[person] : "not among \(rule.by.joined(separator: ", "))"
    }
}
