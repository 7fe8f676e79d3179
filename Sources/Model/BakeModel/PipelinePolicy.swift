/// What holds for one pipeline, whatever the environment.
public struct PipelinePolicy: Hashable, Sendable {
    /// Its name.
    public let name: PipelineName
    /// The repository that may bake under this name; the one that baked first where nil.
    public let origin: String?
    /// The branch whose commits make generations; those of others make drafts. Every commit makes one where nil.
    public let branch: String?

    /// Describes a pipeline.
    public init(name: PipelineName, origin: String? = nil, branch: String? = nil) {
        self.name = name
        self.origin = origin
        self.branch = branch
    }

    /// The record's value.
    public var json: JSON {
        .record([
            "name": .string(name.text), "origin": origin.map(JSON.string), "branch": branch.map(JSON.string),
        ])
    }

    /// Reads what `json` wrote. An unknown member is refused: it may be a gate, and a gate is never ignored.
    public init?(_ json: JSON) {
        guard let members = json.members, Set(members.keys).isSubset(of: ["name", "origin", "branch"]),
            let name = json["name"]?.string.flatMap({ PipelineName($0) }),
            let origin = json.optional("origin", \.string), let branch = json.optional("branch", \.string)
        else { return nil }
        self.init(name: name, origin: origin, branch: branch)
    }
}
