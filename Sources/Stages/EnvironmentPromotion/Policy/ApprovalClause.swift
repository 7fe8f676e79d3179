import BakeModel
import YAMLDocument

/// `approve:` of an environment.
extension EnvironmentClause {
    private static let approvalKeys = ["need", "by", "never"]

    mutating func approvalRule(_ node: YAMLNode) -> ApprovalRule? {
        guard let clause = yaml.record(node, "approve", keys: Self.approvalKeys) else { return nil }
        guard let by = clause["by"] else {
            yaml.note("approve has no \"by\": whose signatures count?", at: node.position)
            return nil
        }
        let people = approvers(by)
        let never = clause["never"].map { parts($0) } ?? []
        guard let need = need(clause["need"] ?? node, isGiven: clause["need"] != nil, people) else { return nil }
        return ApprovalRule(need: need, by: people, never: never)
    }

    private mutating func approvers(_ node: YAMLNode) -> [String] {
        guard let items = yaml.items(node, "by") else { return [] }
        if items.isEmpty { yaml.note("by names nobody", at: node.position) }
        var people: [String] = []
        for item in items {
            guard let person = yaml.signer(item, "an approver", among: signers) else { continue }
            if people.contains(person) { yaml.note("\(person) stands twice", at: item.position) }
            people.append(person)
        }
        return people
    }

    private mutating func need(_ node: YAMLNode, isGiven: Bool, _ people: [String]) -> Int? {
        guard isGiven else { return 1 }
        guard let number = yaml.integer(node, "need") else { return nil }
        guard number >= 1 else {
            yaml.note("need is at least 1: \(number) would ask for nothing", at: node.position)
            return nil
        }
        if number > people.count, !people.isEmpty {
            yaml.note("need is \(number), and by names only \(people.count)", at: node.position)
            return nil
        }
        return Int(exactly: number)
    }

    private mutating func parts(_ node: YAMLNode) -> [ApprovalRule.Part] {
        guard let items = yaml.items(node, "never") else { return [] }
        if items.isEmpty { yaml.note("never bars nobody", at: node.position) }
        let known = ApprovalRule.Part.allCases.map(\.rawValue)
        return items.compactMap { item in
            guard let text = yaml.text(item, "an item of never") else { return nil }
            if let part = ApprovalRule.Part(rawValue: text) { return part }
            yaml.note(
                "\"\(text)\" has no part in a promotion", at: item.position,
                suggestion: Spelling.suggestion(for: text, in: known) ?? "they are \(known.joined(separator: ", "))")
            return nil
        }
    }
}
