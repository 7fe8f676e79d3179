import BakeModel
import YAMLDocument

/// `environments:` of a policy file.
struct EnvironmentsClause {
    private static let keys = ["after", "auto"]
    private static let laterKeys = [
        "soak", "approve", "windows", "reason", "spec", "keep", "retain", "drafts", "hosts", "freeze",
    ]

    private static let most = 1000

    private let mapping: YAMLMapping
    private let names: [EnvironmentName]
    /// Collects the faults.
    private(set) var yaml: YAMLReader

    init(mapping: YAMLMapping, yaml: YAMLReader) {
        self.mapping = mapping
        self.yaml = yaml
        names = mapping.members.compactMap { EnvironmentName($0.key.text) }
    }

    /// Reads every environment, then checks what only all of them together show.
    mutating func read() -> [EnvironmentPolicy] {
        guard mapping.members.count <= Self.most else {
            yaml.note("more than \(Self.most) environments", at: mapping.members[Self.most].key.position)
            return []
        }
        let environments = mapping.members.compactMap { member -> EnvironmentPolicy? in
            guard let name = EnvironmentName(member.key.text) else {
                yaml.note(
                    "\"\(member.key.text)\" is no name for an environment", at: member.key.position,
                    suggestion: NameGrammar.explanation)
                return nil
            }
            return environment(name, member.value)
        }
        noteCycles(among: environments)
        return environments
    }

    private mutating func environment(_ name: EnvironmentName, _ node: YAMLNode) -> EnvironmentPolicy? {
        // `production:` with nothing behind it is an environment without gates.
        if case .scalar(let scalar) = node, scalar.isNull { return EnvironmentPolicy(name: name) }
        let what = "the environment \(name)"
        guard let clause = yaml.record(node, what, keys: Self.keys, later: Self.laterKeys) else { return nil }
        let after = clause["after"].flatMap { self.after($0) }
        let auto = clause["auto"].map { pipelines($0) } ?? []
        return EnvironmentPolicy(name: name, after: after, auto: auto)
    }

    private mutating func after(_ node: YAMLNode) -> EnvironmentName? {
        guard let text = yaml.text(node, "after") else { return nil }
        if let name = EnvironmentName(text), names.contains(name) { return name }
        yaml.note(
            "there is no environment \"\(text)\"", at: node.position,
            suggestion: Spelling.suggestion(for: text, in: names.map(\.text)))
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
        if names.contains(where: { $0.text == text }) {
            yaml.note("\(text) is an environment; pipelines and environments share one namespace", at: node.position)
        }
        return name
    }

    private mutating func noteCycles(among environments: [EnvironmentPolicy]) {
        let after = Dictionary(uniqueKeysWithValues: environments.map { ($0.name, $0.after) })
        for cycle in Cycles.find(in: environments.map(\.name), needs: { after[$0].flatMap { $0 }.map { [$0] } ?? [] }) {
            guard let key = mapping.members.first(where: { $0.key.text == cycle[0].text })?.key else { continue }
            let way = (cycle + [cycle[0]]).map(\.text).joined(separator: " → ")
            yaml.note("environments come after each other: \(way)", at: key.position)
        }
    }
}
