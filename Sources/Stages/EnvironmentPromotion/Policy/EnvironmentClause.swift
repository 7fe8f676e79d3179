import BakeModel
import RegularExpressions
import YAMLDocument

/// One environment of a policy file. What would switch a gate off by a slip of the pen is a fault.
struct EnvironmentClause {
    private static let keys = [
        "after", "soak", "approve", "windows", "reason", "spec", "require", "keep", "retain", "drafts", "auto",
    ]
    private static let laterKeys = ["hosts"]

    let name: EnvironmentName
    let others: [EnvironmentName]
    let signers: AllowedSigners?
    /// Whether the policy names keys of builders.
    let hasBuilders: Bool
    let attachments: PolicyFile.Attachments
    /// Collects the faults.
    var yaml: YAMLReader

    mutating func read(_ node: YAMLNode) -> EnvironmentPolicy? {
        // `production:` with nothing behind it is an environment without gates.
        if case .scalar(let scalar) = node, scalar.isNull { return EnvironmentPolicy(name: name) }
        let what = "the environment \(name)"
        guard let clause = yaml.record(node, what, keys: Self.keys, later: Self.laterKeys) else { return nil }
        var policy = EnvironmentPolicy(
            name: name, after: clause["after"].flatMap { after($0) }, auto: clause["auto"].map { pipelines($0) } ?? [])
        policy.soak = clause["soak"].flatMap { span($0, "soak") }
        policy.approve = clause["approve"].flatMap { approvalRule($0) }
        policy.windows = clause["windows"].map { windows($0) } ?? []
        policy.reason = clause["reason"].flatMap { reason($0) }
        policy.spec = clause["spec"].flatMap { document($0) }
        policy.require = clause["require"].map { requirements($0) } ?? []
        policy.keep = clause["keep"].flatMap { keep($0) }
        policy.retain = clause["retain"].flatMap { span($0, "retain") }
        policy.drafts = clause["drafts"].flatMap { yaml.flag($0, "drafts") } ?? false
        return policy
    }

    private mutating func after(_ node: YAMLNode) -> EnvironmentName? {
        guard let text = yaml.text(node, "after") else { return nil }
        if let name = EnvironmentName(text), others.contains(name) { return name }
        yaml.note(
            "there is no environment \"\(text)\"", at: node.position,
            suggestion: Spelling.suggestion(for: text, in: others.map(\.text)))
        return nil
    }

    private mutating func pipelines(_ node: YAMLNode) -> [PipelineName] {
        (yaml.items(node, "auto") ?? []).compactMap { pipeline($0) }
    }

    private mutating func pipeline(_ node: YAMLNode) -> PipelineName? {
        guard let text = yaml.text(node, "a pipeline of auto") else { return nil }
        guard let name = PipelineName(text) else {
            yaml.note("\"\(text)\" is no name", at: node.position, suggestion: NameGrammar.explanation)
            return nil
        }
        if others.contains(where: { $0.text == text }) {
            yaml.note("\(text) is an environment; pipelines and environments share one namespace", at: node.position)
        }
        return name
    }

    private mutating func span(_ node: YAMLNode, _ key: String) -> TimeSpan? {
        guard let text = yaml.text(node, key) else { return nil }
        if let span = TimeSpan(text) { return span }
        yaml.note("\(key) is a length of time, not \"\(text)\"", at: node.position, suggestion: TimeSpan.explanation)
        return nil
    }

    private mutating func keep(_ node: YAMLNode) -> Int? {
        guard let number = yaml.integer(node, "keep") else { return nil }
        if (1...100_000).contains(number) { return Int(number) }
        yaml.note("keep is at least 1", at: node.position)
        return nil
    }

    private mutating func document(_ node: YAMLNode) -> PolicyDocument? {
        guard let path = yaml.text(node, "spec"), let text = yaml.attachment(path, at: node.position, attachments)
        else { return nil }
        return PolicyDocument(name: path, text: text)
    }

    private mutating func requirements(_ node: YAMLNode) -> [EnvironmentPolicy.Requirement] {
        guard let items = yaml.items(node, "require") else { return [] }
        if items.isEmpty { yaml.note("require asks for nothing", at: node.position) }
        let known = EnvironmentPolicy.Requirement.allCases.map(\.rawValue)
        return items.compactMap { item in
            guard let text = yaml.text(item, "an item of require") else { return nil }
            if let requirement = EnvironmentPolicy.Requirement(rawValue: text) {
                if requirement == .provenance, !hasBuilders {
                    yaml.note(
                        "provenance can never be proved: the policy has no \"builders\"", at: item.position,
                        suggestion: "builders: [ci.pub], public keys that bake key new wrote")
                }
                return requirement
            }
            yaml.note(
                "\"\(text)\" cannot be required", at: item.position,
                suggestion: Spelling.suggestion(for: text, in: known) ?? "it may be \(known.joined(separator: ", "))")
            return nil
        }
    }

    /// A pattern in RE2's syntax that says something.
    private mutating func reason(_ node: YAMLNode) -> String? {
        guard let text = yaml.text(node, "reason") else { return nil }
        do throws(RegularExpression.Fault) {
            if try RegularExpression(text).matches([UInt8]()) {
                yaml.note("\"\(text)\" matches an empty reason too, so it asks for nothing", at: node.position)
            }
            return text
        } catch {
            yaml.note("\"\(text)\" is no pattern: \(error.reason)", at: node.position, suggestion: error.hint)
            return nil
        }
    }

    private mutating func windows(_ node: YAMLNode) -> [PromotionWindow] {
        if case .sequence(let list) = node {
            if list.items.isEmpty { yaml.note("windows is never open", at: node.position) }
            return list.items.compactMap { window($0) }
        }
        return [window(node)].compactMap(\.self)
    }

    private mutating func window(_ node: YAMLNode) -> PromotionWindow? {
        guard let text = yaml.text(node, "windows") else { return nil }
        guard let window = PromotionWindow(text) else {
            yaml.note(
                "\"\(text)\" is no window, or one that never opens", at: node.position,
                suggestion: PromotionWindow.explanation)
            return nil
        }
        if ZoneFiles.rules(window.zone) == nil {
            yaml.note(
                "this machine knows no time zone \"\(window.zone)\"", at: node.position,
                suggestion: "its names are those below \(ZoneFiles.directory), package tzdata")
            return nil
        }
        return window
    }
}
