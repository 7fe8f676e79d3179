import BakeModel
import YAMLDocument

/// `environments:` of a policy file.
struct EnvironmentsClause {
    private static let most = 1000

    private let mapping: YAMLMapping
    private let signers: AllowedSigners?
    private let hasBuilders: Bool
    private let attachments: PolicyFile.Attachments
    private let names: [EnvironmentName]
    /// Collects the faults.
    private(set) var yaml: YAMLReader

    init(
        mapping: YAMLMapping, signers: AllowedSigners?, hasBuilders: Bool,
        attachments: @escaping PolicyFile.Attachments, yaml: YAMLReader
    ) {
        self.mapping = mapping
        self.signers = signers
        self.hasBuilders = hasBuilders
        self.attachments = attachments
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
            var clause = EnvironmentClause(
                name: name, others: names, signers: signers, hasBuilders: hasBuilders, attachments: attachments,
                yaml: yaml)
            defer { yaml = clause.yaml }
            return clause.read(member.value)
        }
        noteCycles(among: environments)
        return environments
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
