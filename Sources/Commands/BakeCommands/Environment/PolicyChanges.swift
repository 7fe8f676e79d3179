import BakeModel

/// What another policy changes, a line for each rule.
struct PolicyChanges {
    let lines: [String]

    init(from old: Policy, to new: Policy) {
        let before = PolicyRules(old).sections
        let after = PolicyRules(new).sections
        let gone = before.map(\.subject).filter { name in !after.contains { $0.subject == name } }
        let lines = (after.map(\.subject) + gone).flatMap { name in
            Self.lines(name, before.first { $0.subject == name }, after.first { $0.subject == name })
        }
        let isUnseen = lines.isEmpty && old != new
        self.lines = isUnseen ? ["signers  written otherwise: order, or comments"] : lines
    }

    private static func lines(
        _ subject: String, _ old: PolicyRules.Section?, _ new: PolicyRules.Section?
    ) -> [String] {
        guard let new else { return ["\(subject)  removed"] }
        guard old != nil || !new.isNamed else {
            let rules = new.rules.map { "\($0.key) \($0.value)" }.joined(separator: "; ")
            return ["\(subject)  added" + (rules.isEmpty ? "" : ": \(rules)")]
        }
        let before = old?.rules ?? []
        let gone = before.map(\.key).filter { key in !new.rules.contains { $0.key == key } }
        return (new.rules.map(\.key) + gone).compactMap { key in
            let values = [before, new.rules].map { rules in rules.first { $0.key == key }?.value ?? "none" }
            return values[0] == values[1] ? nil : "\(subject)  \(key)  \(values[0]) -> \(values[1])"
        }
    }
}
