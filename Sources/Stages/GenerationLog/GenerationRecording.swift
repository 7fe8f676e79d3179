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
    /// `made`, `stands` or `draft`.
    public let outcome: BuildRecord.Outcome
    /// The generation or draft that was made, or the one that stands.
    public let generation: GenerationRecord
    /// The number of the build's entry.
    public let entry: Int64
}

extension GenerationLog {
    private static let attempts = 100

    /// What a bake is judged by: one snapshot of its pipeline.
    private struct Standing {
        let head: Int64?
        let newest: GenerationRecord?
        let newestDraft: GenerationRecord?
    }

    /// Records a bake that passed. A generation is made when the image or the spec differs from the newest generation's;
    /// otherwise the newest stands. Two bakes at once give the result of one after the other.
    /// - Throws: `SourceConflict` where the pipeline's name belongs to another repository; `LedgerError`.
    public func record(_ passed: PassedBuild, by actor: Actor, clock: Timestamp) throws -> RecordedBuild {
        if passed.build.outcome == .draft { return try record(draft: passed, by: actor, clock: clock) }
        let (settled, entry) = try append(passed.build, by: actor, clock: clock) { standing in
            let newest = standing.newest
            let standing = newest.flatMap { $0.image == passed.build.image && $0.spec == passed.spec ? $0 : nil }
            let next = GenerationID(pipeline: passed.build.pipeline, number: newest?.id.number.next ?? .first)
            let record = try standing ?? passed.generation(next)
            let build = passed.build.settled(standing == nil ? .made : .stands, record.id)
            return (standing == nil ? [record.act, build.act] : [build.act], (build.outcome, record))
        }
        return RecordedBuild(outcome: settled.0, generation: settled.1, entry: entry)
    }

    /// A draft has a number of its own, among drafts; the same image once more is the same draft.
    private func record(draft: PassedBuild, by actor: Actor, clock: Timestamp) throws -> RecordedBuild {
        let (record, entry) = try append(draft.build, by: actor, clock: clock) { standing in
            let newest = standing.newestDraft
            let isSame = newest?.image == draft.build.image && newest?.spec == draft.spec
            if isSame, let newest { return ([draft.build.settled(.draft, newest.id).act], newest) }
            let next = GenerationID(
                pipeline: draft.build.pipeline, number: newest?.id.number.next ?? .first, isDraft: true)
            let record = try draft.generation(next)
            return ([record.act, draft.build.settled(.draft, next).act], record)
        }
        return RecordedBuild(outcome: .draft, generation: record, entry: entry)
    }

    /// Records a bake that failed.
    /// - Returns: the number of its entry.
    /// - Throws: `SourceConflict` where the pipeline's name belongs to another repository; `LedgerError`.
    @discardableResult
    public func record(unnumbered build: BuildRecord, by actor: Actor, clock: Timestamp) throws -> Int64 {
        try append(build, by: actor, clock: clock) { _ in ([build.act], ()) }.entry
    }

    /// Records that a generation was baked again.
    /// - Parameter heads: what must not have moved until then.
    public func record(
        _ rebake: RebakeRecord, by actor: Actor, clock: Timestamp, expecting heads: [Subject: Int64?] = [:]
    ) throws {
        _ = try ledger.append([rebake.act], by: actor, clock: clock, expecting: heads)
    }

    /// Records that an image was tested.
    /// - Parameter heads: what must not have moved until then.
    /// - Returns: the number of the entry.
    @discardableResult
    public func record(
        _ test: TestRecord, by actor: Actor, clock: Timestamp, expecting heads: [Subject: Int64?] = [:]
    ) throws -> Int64 {
        try ledger.append([test.act], by: actor, clock: clock, expecting: heads).last?.sequence ?? 0
    }

    /// Decides from a snapshot and appends, and does both again where the pipeline moved in between.
    /// - Parameter decide: the acts for what stands, the build last, and what they mean.
    private func append<Meaning>(
        _ build: BuildRecord, by actor: Actor, clock: Timestamp,
        decide: (_ standing: Standing) throws -> ([Act], Meaning)
    ) throws -> (meaning: Meaning, entry: Int64) {
        let subject = Subject.pipeline(build.pipeline)
        for _ in 0..<Self.attempts {
            let standing = try standing(of: build)
            let (acts, meaning) = try decide(standing)
            do {
                let entries = try ledger.append(acts, by: actor, clock: clock, expecting: [subject: standing.head])
                return (meaning, entries.last?.sequence ?? 0)
            } catch LedgerError.lostRace {
                continue
            }
        }
        throw LedgerError.lostRace(subject)
    }

    private func standing(of build: BuildRecord) throws -> Standing {
        try ledger.read { transaction in
            // Here and not once before: the first bake of a name may be lost to another repository's.
            try Self.admit(build.pipeline, from: build.source, in: transaction)
            return Standing(
                head: try transaction.head(of: .pipeline(build.pipeline)),
                newest: try Self.newest(build.pipeline, in: transaction),
                newestDraft: try Self.records(
                    GenerationRecord.self, .newestDraft, [.text(build.pipeline.text)], in: transaction
                ).first?.record)
        }
    }
}

extension BuildRecord {
    fileprivate func settled(_ outcome: Outcome, _ generation: GenerationID) -> BuildRecord {
        BuildRecord(
            pipeline: pipeline, commit: commit, source: source, outcome: outcome, stages: stages, image: image,
            verdict: verdict, generation: generation)
    }
}
