/// What stood when a generation was promoted, so that its entry says everything by itself.
public struct PromotionFacts: Hashable, Sendable {
    /// What tells the store from all others.
    public let store: String
    /// The image that the slot held; nil where it was empty.
    public let fromImage: Digest?
    /// The commit of that; with the move's own commit it is the range that came.
    public let fromCommit: CommitID?
    /// How many commits came; nil where no repository was at hand.
    public let commits: Int?
    /// The pipeline file.
    public let pipelineFile: Digest
    /// The lock.
    public let lockFile: Digest?
    /// The spec.
    public let spec: Digest?
    /// What the spec found.
    public let verdict: Digest?
    /// Whether the machine's clock is kept by a time service; nil where the kernel does not say.
    public let isClockKept: Bool?
    /// The executable that decided.
    public let program: Digest?

    /// Describes the facts.
    public init(
        store: String, fromImage: Digest?, fromCommit: CommitID?, commits: Int?, of generation: GenerationRecord,
        isClockKept: Bool?, program: Digest?
    ) {
        self.store = store
        self.fromImage = fromImage
        self.fromCommit = fromCommit
        self.commits = commits
        pipelineFile = generation.pipelineFile
        lockFile = generation.lockFile
        spec = generation.spec
        verdict = generation.verdict?.digest
        self.isClockKept = isClockKept
        self.program = program
    }

    /// The record's members.
    public var json: JSON {
        let name = { (digest: Digest?) in digest.map { JSON.string($0.description) } }
        return .record([
            "store": .string(store), "from-image": name(fromImage), "from-commit": fromCommit.map { .string($0.hex) },
            "commits": commits.map { .number(Int64($0)) }, "pipeline-file": name(pipelineFile),
            "lock-file": name(lockFile), "spec": name(spec), "verdict": name(verdict),
            "clock-kept": isClockKept.map(JSON.bool), "program": name(program),
        ])
    }

    /// Reads what `json` wrote.
    public init?(_ json: JSON) {
        guard let store = json["store"]?.string, let pipelineFile = json["pipeline-file"]?.namedDigest,
            let fromImage = json.optional("from-image", \.namedDigest),
            let fromCommit = json.optional("from-commit", { $0.string.flatMap { CommitID($0) } }),
            let commits = json.optional("commits", \.count),
            let lockFile = json.optional("lock-file", \.namedDigest), let spec = json.optional("spec", \.namedDigest),
            let verdict = json.optional("verdict", \.namedDigest),
            let isClockKept = json.optional("clock-kept", \.bool), let program = json.optional("program", \.namedDigest)
        else { return nil }
        self.store = store
        self.fromImage = fromImage
        self.fromCommit = fromCommit
        self.commits = commits
        self.pipelineFile = pipelineFile
        self.lockFile = lockFile
        self.spec = spec
        self.verdict = verdict
        self.isClockKept = isClockKept
        self.program = program
    }
}
