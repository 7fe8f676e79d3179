import BakeModel

/// A verdict with what it is bound to: the image, the spec, what judged, and when.
public struct VerdictRecord: Sendable {
    /// What the checks found.
    public let verdict: Verdict
    /// The image's manifest.
    public let image: Digest
    /// The digest of the spec.
    public let spec: Digest
    /// How people know the spec.
    public let name: String
    /// What judged: bake's version and machine.
    public let tool: [String: String]
    /// When the first check began and the last one ended; nil for a verdict that was kept from an earlier bake.
    public let time: (start: Timestamp, end: Timestamp)?
    /// How often every check was made.
    public let runs: Int

    /// Describes it.
    public init(
        _ verdict: Verdict, image: Digest, spec: Digest, name: String, tool: [String: String],
        time: (start: Timestamp, end: Timestamp)? = nil, runs: Int = 1
    ) {
        self.verdict = verdict
        self.image = image
        self.spec = spec
        self.name = name
        self.tool = tool
        self.time = time
        self.runs = runs
    }

    /// The verdict's own document with all of this beside its checks, so that whoever reads a verdict reads this.
    public var json: JSON {
        var members = verdict.json.members ?? [:]
        members["image"] = .string(image.description)
        members["spec"] = .string(spec.description)
        members["name"] = .string(name)
        members["tool"] = .object(tool.mapValues(JSON.string))
        members["runs"] = .number(Int64(runs))
        if let time {
            members["start"] = .string(time.start.description)
            members["end"] = .string(time.end.description)
        }
        return .object(members)
    }
}
