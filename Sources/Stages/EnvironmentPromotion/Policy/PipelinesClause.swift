import BakeModel
import YAMLDocument

/// `pipelines:` of a policy file.
struct PipelinesClause {
    private let mapping: YAMLMapping
    /// Collects the faults.
    private(set) var yaml: YAMLReader
    private static let most = 10_000
    private static let longest = 2048

    init(mapping: YAMLMapping, yaml: YAMLReader) {
        self.mapping = mapping
        self.yaml = yaml
    }

    mutating func read() -> [PipelinePolicy] {
        guard mapping.members.count <= Self.most else {
            yaml.note("more than \(Self.most) pipelines", at: mapping.members[Self.most].key.position)
            return []
        }
        return mapping.members.compactMap { member in
            guard let name = PipelineName(member.key.text) else {
                yaml.note(
                    "\"\(member.key.text)\" is no name for a pipeline", at: member.key.position,
                    suggestion: NameGrammar.explanation)
                return nil
            }
            return pipeline(name, member.value)
        }
    }

    private mutating func pipeline(_ name: PipelineName, _ node: YAMLNode) -> PipelinePolicy? {
        let what = "the pipeline \(name)"
        guard let clause = yaml.record(node, what, keys: ["origin", "branch"]) else { return nil }
        return PipelinePolicy(
            name: name, origin: clause["origin"].flatMap { origin($0) }, branch: clause["branch"].flatMap { branch($0) }
        )
    }

    private mutating func origin(_ node: YAMLNode) -> String? {
        guard let text = yaml.text(node, "origin") else { return nil }
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f } && text.utf8.count <= Self.longest
        guard isPlain, text.hasPrefix("/") || text.contains(":") else {
            yaml.note(
                "\"\(text)\" is no repository", at: node.position,
                suggestion: "its address as a bake records it (bake show says it), or an absolute path")
            return nil
        }
        return text
    }

    private mutating func branch(_ node: YAMLNode) -> String? {
        guard let text = yaml.text(node, "branch") else { return nil }
        guard BranchName.accepts(text) else {
            yaml.note("\"\(text)\" is no branch", at: node.position, suggestion: "its name alone, as in main")
            return nil
        }
        return text
    }
}
