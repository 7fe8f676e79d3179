/// An image with its evidence, under the number that people say aloud.
public struct GenerationRecord: RecordedAct {
    public static let kind = "generation"

    /// Its name.
    public let id: GenerationID
    /// The image's manifest.
    public let image: Digest
    /// The bytes of the manifest, for indexes that name it.
    public let imageSize: UInt64
    /// The artifact with pipeline, lock, spec and verdict.
    public let evidence: Digest
    /// The bytes of the artifact's manifest.
    public let evidenceSize: UInt64
    /// The commit it was made from first.
    public let commit: CommitFacts
    /// Where the commit came from: a URL or a path.
    public let source: String
    /// The digest of the pipeline file.
    public let pipelineFile: Digest
    /// The path of the pipeline file in the commit; nil where an older bake did not record it.
    public let pipelinePath: String?
    /// The digest of the lock file, where there is one.
    public let lockFile: Digest?
    /// The digest of the spec, where there is one.
    public let spec: Digest?
    /// What the spec found; nil where the pipeline asks for nothing.
    public let verdict: VerdictFacts?
    /// Version, encoder and machine of the builder.
    public let builder: [String: String]
    /// The values of the pipeline's `args:`, as they were set.
    public let arguments: [String: String]
    /// The images of other pipelines that its stages started from.
    public let bases: [BaseFacts]
    /// What is stated of the image: provenance, verdict, bill of materials; empty in records of older versions.
    public let statements: [StatementFacts]
    /// The blob of the image's `InstalledPackageList`; nil where it has no packages, and in records of older versions.
    public let packages: Digest?

    /// Describes a generation.
    public init(
        id: GenerationID, image: Digest, imageSize: UInt64, evidence: Digest, evidenceSize: UInt64,
        commit: CommitFacts, source: String, pipelineFile: Digest, pipelinePath: String? = nil, lockFile: Digest?,
        spec: Digest?,
        verdict: VerdictFacts?, builder: [String: String], arguments: [String: String] = [:],
        bases: [BaseFacts] = [], statements: [StatementFacts] = [],
        packages: Digest? = nil
    ) {
        self.id = id
        self.image = image
        self.imageSize = imageSize
        self.evidence = evidence
        self.evidenceSize = evidenceSize
        self.commit = commit
        self.source = source
        self.pipelineFile = pipelineFile
        self.pipelinePath = pipelinePath
        self.lockFile = lockFile
        self.spec = spec
        self.verdict = verdict
        self.builder = builder
        self.arguments = arguments
        self.bases = bases
        self.statements = statements
        self.packages = packages
    }

    public var subjects: [Subject] { [.pipeline(id.pipeline)] }

    public var body: JSON {
        .record([
            "id": .string(id.description), "image": .string(image.description),
            "image-size": .number(Int64(clamping: imageSize)), "evidence": .string(evidence.description),
            "evidence-size": .number(Int64(clamping: evidenceSize)), "commit": commit.json,
            "source": .string(source), "pipeline-file": .string(pipelineFile.description),
            "pipeline-path": pipelinePath.map(JSON.string),
            "lock-file": lockFile.map { .string($0.description) }, "spec": spec.map { .string($0.description) },
            "verdict": verdict?.json, "builder": .object(builder.mapValues(JSON.string)),
            "arguments": arguments.isEmpty ? nil : .object(arguments.mapValues(JSON.string)),
            "bases": bases.isEmpty ? nil : .array(bases.map(\.json)),
            "statements": statements.isEmpty ? nil : .array(statements.map(\.json)),
            "packages": packages.map { .string($0.description) },
        ])
    }

    public init?(body: JSON) {
        guard let id = body["id"]?.generation, let image = body["image"]?.namedDigest,
            let imageSize = body["image-size"]?.size, let evidence = body["evidence"]?.namedDigest,
            let evidenceSize = body["evidence-size"]?.size,
            let commit = body["commit"].flatMap(CommitFacts.init), let source = body["source"]?.string,
            let pipelineFile = body["pipeline-file"]?.namedDigest,
            let lockFile = body.optional("lock-file", \.namedDigest), let spec = body.optional("spec", \.namedDigest),
            let verdict = body.optional("verdict", VerdictFacts.init), let builder = body["builder"]?.members,
            let bases = body["bases"] == nil ? [] : body["bases"]?.all(BaseFacts.init),
            let statements = body["statements"] == nil ? [] : body["statements"]?.all(StatementFacts.init),
            let packages = body.optional("packages", \.namedDigest)
        else { return nil }
        self.init(
            id: id, image: image, imageSize: imageSize, evidence: evidence, evidenceSize: evidenceSize,
            commit: commit, source: source, pipelineFile: pipelineFile, pipelinePath: body["pipeline-path"]?.string,
            lockFile: lockFile, spec: spec,
            verdict: verdict, builder: builder.compactMapValues(\.string),
            arguments: body["arguments"]?.members?.compactMapValues(\.string) ?? [:], bases: bases,
            statements: statements, packages: packages)
    }
}
