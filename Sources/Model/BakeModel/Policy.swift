/// What the operator of a store demands before a generation enters an environment.
public struct Policy: Hashable, Sendable {
    /// The environments, in the order of the file.
    public let environments: [EnvironmentPolicy]
    /// The pipelines that it says something about, in the order of the file.
    public let pipelines: [PipelinePolicy]

    /// The policy of a store that has none: no environments.
    public static let empty = Policy(environments: [])

    /// Describes a policy.
    public init(environments: [EnvironmentPolicy], pipelines: [PipelinePolicy] = []) {
        self.environments = environments
        self.pipelines = pipelines
    }

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
        ])
    }

    /// The name under which promotions cite it: the SHA-256 of the canonical text of `json`.
    public var digest: Digest { json.digest }

    /// Reads what `json` wrote; nil where a member is missing, malformed or unknown.
    public init?(_ json: JSON) {
        guard let members = json.members, Set(members.keys).isSubset(of: ["environments", "pipelines"]),
            let environments = json["environments"]?.all(EnvironmentPolicy.init),
            let pipelines = json.optional("pipelines", { $0.all(PipelinePolicy.init) })
        else { return nil }
        self.init(environments: environments, pipelines: pipelines ?? [])
    }
}

/// What holds for one environment.
public struct EnvironmentPolicy: Hashable, Sendable {
    /// Its name.
    public let name: EnvironmentName
    /// The environment whose slot must have held the generation first.
    public let after: EnvironmentName?
    /// The pipelines whose passing bakes move here by themselves; each once, sorted by name.
    public let auto: [PipelineName]

    /// Describes an environment.
    public init(name: EnvironmentName, after: EnvironmentName? = nil, auto: [PipelineName] = []) {
        self.name = name
        self.after = after
        self.auto = Set(auto).sorted()
    }

    /// The record's value.
    public var json: JSON {
        .record([
            "name": .string(name.text), "after": after.map { .string($0.text) },
            "auto": auto.isEmpty ? nil : .array(auto.map { .string($0.text) }),
        ])
    }

    /// Reads what `json` wrote. An unknown member is refused: it may be a gate, and a gate is never ignored.
    public init?(_ json: JSON) {
        guard let members = json.members, Set(members.keys).isSubset(of: ["name", "after", "auto"]),
            let name = json["name"]?.string.flatMap({ EnvironmentName($0) })
        else { return nil }
        let after = json["after"]?.string.flatMap { EnvironmentName($0) }
        let items = json["auto"]?.items ?? []
        let auto = items.compactMap { $0.string.flatMap { PipelineName($0) } }
        guard auto.count == items.count, (after == nil) == (json["after"] == nil),
            (json["auto"]?.items == nil) == (json["auto"] == nil)
        else { return nil }
        self.init(name: name, after: after, auto: auto)
    }
}
