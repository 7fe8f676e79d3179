import BakeModel
import LedgerDatabase

/// A bake that passed, before it is known whether it makes a generation.
public struct PassedBuild: Sendable {
    /// The bake; its outcome and generation are filled in when it is recorded.
    public let build: BuildRecord
    /// The generation that it makes, if it makes one, once it has a number.
    public let generation: @Sendable (GenerationID) throws -> GenerationRecord
    /// The digest of the spec, which makes a new generation where it differs.
    public let spec: Digest?

    /// Describes a bake that passed.
    public init(
        build: BuildRecord, spec: Digest?, generation: @escaping @Sendable (GenerationID) throws -> GenerationRecord
    ) {
        self.build = build
        self.spec = spec
        self.generation = generation
    }
}

/// What became of a bake that passed.
public struct RecordedBuild: Hashable, Sendable {
    /// `made` or `stands`.
    public let outcome: BuildRecord.Outcome
    /// The generation that was made or that stands.
    public let generation: GenerationRecord
    /// The number of the build's entry.
    public let entry: Int64
}

extension GenerationLog {
    private static let attempts = 20

    /// Records a bake that passed. A generation is made when the image or the spec differs from the newest generation's;
    /// otherwise the newest stands. Two bakes at once give the result of one after the other.
    /// - Throws: `SourceConflict` where the pipeline's name belongs to another repository; `LedgerError`.
    public func record(_ passed: PassedBuild, by actor: Actor, clock: Timestamp) throws -> RecordedBuild {
        let pipeline = passed.build.pipeline
        try admit(pipeline, from: passed.build.source)
        for _ in 0..<Self.attempts {
            let head = try ledger.head(of: .pipeline(pipeline))
            let newest = try newest(pipeline)?.record
            let standing = newest.flatMap { $0.image == passed.build.image && $0.spec == passed.spec ? $0 : nil }
            let next = GenerationID(pipeline: pipeline, number: newest?.id.number.next ?? .first)
            let record = try standing ?? passed.generation(next)
            let build = passed.build.settled(standing == nil ? .made : .stands, record.id)
            let acts = standing == nil ? [record.act, build.act] : [build.act]
            do {
                let entries = try ledger.append(acts, by: actor, clock: clock, expecting: [.pipeline(pipeline): head])
                let entry = entries.last?.sequence ?? 0
                return RecordedBuild(outcome: build.outcome, generation: record, entry: entry)
            } catch LedgerError.lostRace {
                continue
            }
        }
        throw LedgerError.lostRace(.pipeline(pipeline))
    }

    /// Records a bake that failed, or that made a draft.
    /// - Returns: the number of its entry.
    @discardableResult
    public func record(unnumbered build: BuildRecord, by actor: Actor, clock: Timestamp) throws -> Int64 {
        try admit(build.pipeline, from: build.source)
        return try ledger.append([build.act], by: actor, clock: clock).last?.sequence ?? 0
    }

    /// Refuses a pipeline's name to every repository but the one that baked it first.
    public func admit(_ pipeline: PipelineName, from source: String) throws {
        guard let first = try self.source(of: pipeline), first != source else { return }
        throw SourceConflict(pipeline: pipeline, first: first, source: source)
    }
}

/// A pipeline's name belongs to another repository.
public struct SourceConflict: ExplainedError, Hashable {
    let pipeline: PipelineName
    let first: String
    let source: String

    public var doing: String { "bake" }
    public var subject: String { pipeline.text }
    public var reason: String { "that name belongs to \(first), and this commit comes from \(source)" }
    public var hint: String? { "give the pipeline another name, or bake into another store: --store DIR" }
    public var exit: ExitCode { .refused }
}

extension BuildRecord {
    fileprivate func settled(_ outcome: Outcome, _ generation: GenerationID) -> BuildRecord {
        BuildRecord(
            pipeline: pipeline, commit: commit, source: source, outcome: outcome, stages: stages, image: image,
            verdict: verdict, generation: generation)
    }
}
