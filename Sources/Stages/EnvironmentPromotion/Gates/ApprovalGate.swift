import BakeModel

/// `approve: { need: 2, by: […], never: […] }`: so many different people signed.
enum ApprovalGate {
    static func ask(_ situation: PromotionSituation) -> SlotMove.Gate? {
        situation.rules.approve.map { ask(situation, $0) }
    }

    static func ask(_ situation: PromotionSituation, _ rule: ApprovalRule) -> SlotMove.Gate {
        let bar = ApprovalBar(rule, situation)
        var counted: [(person: String, entry: Int64)] = []
        var problems = bar.problems
        if let glass = situation.openGlass {
            problems.append("the next signature is first of all the second look at entry \(glass), past these gates")
        }
        for item in situation.approvals {
            let person = item.approval.act.signed.signer
            guard !counted.contains(where: { $0.person == person }) else { continue }
            if let problem = item.problem ?? bar.reason(against: person) {
                let line = "\(person)'s does not count: \(problem)"
                // People sign again when something changed: once is enough.
                if !problems.contains(line) { problems.append(line) }
            } else {
                counted.append((person, item.approval.entry))
            }
        }
        let isMet = counted.count >= rule.need && bar.problems.isEmpty
        let missing = rule.by.filter { person in
            bar.reason(against: person) == nil && !counted.contains { $0.person == person }
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
        let bar = ApprovalBar(rule, situation)
        return bar.reason(against: person) ?? bar.problems.first
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
