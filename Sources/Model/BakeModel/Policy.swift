/// What the operator of a store demands before a generation enters an environment.
public struct Policy: Hashable, Sendable {
    /// The environments, in the order of the file.
    public let environments: [EnvironmentPolicy]
    /// The pipelines that it says something about, in the order of the file.
    public let pipelines: [PipelinePolicy]

    /// Who may put another policy in force: names of the signers. Anybody who may write the store where empty.
    public let operators: [String]
    /// The people whose signatures count; nil where nobody's do.
    public let signers: AllowedSigners?

    /// The public keys, in PEM, whose signature on provenance counts.
    public let builders: [PolicyDocument]
    /// Where checkpoints of the ledger are written, outside the store; nil where nowhere.
    public let anchor: AnchorPlace?
    /// The bytes that the store's blobs may have after a collection; nil where nothing limits them.
    public let maxSize: UInt64?

    /// The policy of a store that has none: no environments.
    public static let empty = Policy(environments: [])

    /// Describes a policy.
    public init(
        environments: [EnvironmentPolicy], pipelines: [PipelinePolicy] = [], operators: [String] = [],
        signers: AllowedSigners? = nil, builders: [PolicyDocument] = [], anchor: AnchorPlace? = nil,
        maxSize: UInt64? = nil
    ) {
        self.environments = environments
        self.pipelines = pipelines
        self.operators = operators
        self.signers = signers
        self.builders = builders
        self.anchor = anchor
        self.maxSize = maxSize
    }

    /// The policy one of whose operators signs the next one: this, or where this has none the next itself.
    public func judge(of next: Policy) -> Policy { operators.isEmpty ? next : self }

    /// What holds for an environment; nil where there is no such environment.
    public func environment(_ name: EnvironmentName) -> EnvironmentPolicy? {
        environments.first { $0.name == name }
    }

    /// What holds for a pipeline; nil where the policy says nothing of it.
    public func pipeline(_ name: PipelineName) -> PipelinePolicy? { pipelines.first { $0.name == name } }

    /// The environments that take a pipeline's passing bakes by themselves, in the order of the file.
    public func automatic(for pipeline: PipelineName) -> [EnvironmentName] {
        environments.filter { $0.auto.contains(pipeline) }.map(\.name)
    }

    /// The record's value: one text for each meaning.
    public var json: JSON {
        .record([
            "environments": .array(environments.map(\.json)),
            "pipelines": pipelines.isEmpty ? nil : .array(pipelines.map(\.json)),
            "operators": operators.isEmpty ? nil : .array(operators.map(JSON.string)),
            "signers": signers.map { .string($0.text) },
            "builders": builders.isEmpty ? nil : .array(builders.map(\.json)), "anchor": anchor?.json,
            "max-size": maxSize.map { .number(Int64(clamping: $0)) },
        ])
    }

    /// The name under which promotions cite it: the SHA-256 of the canonical text of `json`.
    public var digest: Digest { json.digest }

    private static let members: Set<String> = [
        "environments", "pipelines", "operators", "signers", "builders", "anchor", "max-size",
    ]

    /// Reads what `json` wrote; nil where a member is missing, malformed or unknown.
    public init?(_ json: JSON) {
        guard let members = json.members, Set(members.keys).isSubset(of: Self.members),
            let environments = json["environments"]?.all(EnvironmentPolicy.init),
            let pipelines = json.optional("pipelines", { $0.all(PipelinePolicy.init) }),
            let operators = json.optional("operators", \.strings),
            let signers = json.optional("signers", { $0.string.flatMap { try? AllowedSigners($0) } }),
            let builders = json.optional("builders", { $0.all(PolicyDocument.init) }),
            let anchor = json.optional("anchor", AnchorPlace.init), let maxSize = json.optional("max-size", \.size)
        else { return nil }
        self.init(
            environments: environments, pipelines: pipelines ?? [], operators: operators ?? [], signers: signers,
            builders: builders ?? [], anchor: anchor, maxSize: maxSize)
    }
}
