import BakeModel
import GenerationLog

/// What a reference turned out to mean.
public struct ResolvedReference: Sendable {
    /// The image's manifest.
    public let image: Digest
    /// The generation; nil where a bare digest is no generation's.
    public let generation: GenerationRecord?
    /// The slot through which it was found.
    public let slot: Slot?
    /// A path in the image.
    public let path: TreePath?
}

/// Looks references up in a store.
public struct ReferenceResolver: Sendable {
    private let store: BakeStore
    private let pipeline: PipelineName?
    private let clock: LocalClock

    /// - Parameter pipeline: what a bare `42` or `production` belongs to; the store's only pipeline where nil.
    public init(store: BakeStore, pipeline: PipelineName?, clock: LocalClock) {
        self.store = store
        self.pipeline = pipeline
        self.clock = clock
    }

    /// Finds what text names.
    /// - Throws: `ReferenceFault`, `UnknownReference`.
    public func resolve(_ text: String) throws -> ResolvedReference {
        let reference = try Reference(text, clock: clock)
        switch reference.base {
        case .digest(let digest): return try image(digest, reference)
        case .digestPrefix(let prefix): return try image(try digest(prefix), reference)
        case .slot(let slot, let moment): return try held(slot, moment, reference)
        case .environment(let name, let moment):
            return try held(Slot(pipeline: try onlyPipeline(for: text), environment: name), moment, reference)
        case .name(let name) where try !store.generations.pipelines().contains(name.pipeline):
            return try held(try slot(named: name, text), .now, reference)
        default: return ResolvedReference(try find(reference, text).record, reference)
        }
    }

    /// Finds the generation that text names: an image without a number is an error.
    public func generation(_ text: String) throws -> GenerationRecord {
        guard let record = try resolve(text).generation else {
            throw UnknownReference(text: text, why: "it is no generation", hint: nil)
        }
        return record
    }

    /// Finds the slot that text names: `web:production`, or `production` of the one pipeline that fits.
    public func slot(_ text: String) throws -> Slot {
        let reference = try Reference(text, clock: clock)
        switch reference.base {
        case .slot(let slot, .now): return slot
        case .environment(let name, .now): return Slot(pipeline: try onlyPipeline(for: text), environment: name)
        case .name(let name): return try slot(named: name, text)
        default: throw UnknownReference(text: text, why: "it is no slot", hint: "as in web:production", exit: .usage)
        }
    }

    /// The pipeline that bare numbers and environments belong to.
    /// - Throws: `UnknownReference` with exit 2 and the choices.
    public func onlyPipeline(for text: String) throws -> PipelineName {
        if let pipeline { return pipeline }
        let known = try store.generations.pipelines()
        guard known.count == 1, let only = known.first else {
            let choices = known.map { "-p \($0)" }.joined(separator: ", ")
            throw UnknownReference(
                text: text,
                why: known.isEmpty ? "the store has no pipeline yet" : "the store has \(known.count) pipelines",
                hint: known.isEmpty ? "bake" : "say which one: \(choices)", exit: known.isEmpty ? .notFound : .usage)
        }
        return only
    }

    private func slot(named name: SharedName, _ text: String) throws -> Slot {
        let environments = try environments()
        guard environments.contains(name.environment) else {
            let pipelines = try store.generations.pipelines()
            if pipelines.contains(name.pipeline) {
                throw UnknownReference(
                    text: text, why: "it is a pipeline, and no slot",
                    hint: "as in \(name.text):\(environments.first?.text ?? "production")", exit: .usage)
            }
            let known = pipelines.map(\.text) + environments.map(\.text)
            throw UnknownReference(
                text: text, why: "no pipeline and no environment is called so",
                hint: Spelling.closest(to: name.text, in: known).map { "did you mean \($0)?" })
        }
        return Slot(pipeline: try onlyPipeline(for: text), environment: name.environment)
    }

    /// Those of the policy, and those that something was ever moved to.
    private func environments() throws -> [EnvironmentName] {
        try store.promotion.policy().environments.map(\.name) + store.promotion.slots(depth: 1).map(\.slot.environment)
    }

    /// Refuses a slot of a pipeline that was never baked, and of an environment that neither the policy names nor anything was
    /// ever moved to.
    public func confirm(_ slot: Slot, _ text: String) throws {
        let pipelines = try store.generations.pipelines()
        guard pipelines.contains(slot.pipeline) else {
            let closest = Spelling.closest(to: slot.pipeline.text, in: pipelines.map(\.text))
            throw UnknownReference(
                text: text, why: "no pipeline is called \(slot.pipeline)",
                hint: closest.map { "did you mean \($0):\(slot.environment)?" })
        }
        let known = try environments()
        guard !known.contains(slot.environment) else { return }
        let closest = Spelling.closest(to: slot.environment.text, in: known.map(\.text))
        throw UnknownReference(
            text: text, why: "no environment is called \(slot.environment)",
            hint: closest.map { "did you mean \(slot.pipeline):\($0)?" })
    }

    private func find(_ reference: Reference, _ text: String) throws -> GenerationLog.Found {
        let log = store.generations
        let found: GenerationLog.Found?
        switch reference.base {
        case .generation(let id): found = try log.find(id)
        case .commit(let pipeline, let prefix): found = try newest(of: pipeline, from: prefix, text)
        case .number(let number):
            found = try log.find(GenerationID(pipeline: try onlyPipeline(for: text), number: number))
        case .name(let name): found = try log.newest(name.pipeline)
        case .digest, .digestPrefix, .slot, .environment: found = nil
        }
        if let found { return found }
        throw try unknownGeneration(reference, text)
    }

    /// The newest generation of the one commit that a prefix names.
    private func newest(
        of pipeline: PipelineName, from prefix: CommitPrefix, _ text: String
    ) throws -> GenerationLog.Found? {
        let found = try store.generations.find(pipeline, commit: prefix)
        let commits = Set(found.map(\.record.commit.id.hex)).sorted()
        guard commits.count > 1 else { return found.first }
        let choices = commits.prefix(Self.choices).map { "\(pipeline)@git-\($0.prefix(prefix.hex.count + 8))" }
        throw UnknownReference(
            text: text, why: "\(commits.count) commits begin so",
            hint: choices.joined(separator: ", ") + (commits.count > choices.count ? ", …" : ""), exit: .usage)
    }

    /// How many of several meanings are named.
    private static let choices = 8

    private func unknownGeneration(_ reference: Reference, _ text: String) throws -> UnknownReference {
        let known = try store.generations.pipelines()
        if case .generation(let id) = reference.base, !known.contains(id.pipeline) {
            let closest = Spelling.closest(to: id.pipeline.text, in: known.map(\.text))
            return UnknownReference(
                text: text, why: "no pipeline is called \(id.pipeline)",
                hint: closest.map { "did you mean \($0)@\(id.shortName)?" })
        }
        let newest = try known.compactMap { try store.generations.newest($0)?.record.id.description }
        return UnknownReference(
            text: text, why: "there is no such generation",
            hint: newest.isEmpty ? "bake" : "the newest: \(newest.joined(separator: ", "))")
    }

    private func image(_ digest: Digest, _ reference: Reference) throws -> ResolvedReference {
        let all = try store.generations.find(image: digest).map(\.record)
        let record = all.last { !$0.id.isDraft } ?? all.last
        guard record != nil || store.blobs.contains(digest) else {
            throw UnknownReference(text: digest.short, why: "the store has no such image", hint: nil)
        }
        return ResolvedReference(image: digest, generation: record, slot: nil, path: reference.path)
    }

    /// The one image of a generation that the first digits name.
    private func digest(_ prefix: DigestPrefix) throws -> Digest {
        let images = Set(try store.generations.find(image: prefix).map(\.record.image)).sorted()
        guard let image = images.first else {
            throw UnknownReference(
                text: prefix.description, why: "no generation's image begins so", hint: "bake log lists them")
        }
        guard images.count == 1 else {
            throw UnknownReference(
                text: prefix.description, why: "\(images.count) images begin so",
                hint: images.prefix(Self.choices).map(\.description).joined(separator: ", "), exit: .usage)
        }
        return image
    }

    private func held(_ slot: Slot, _ moment: SlotMoment, _ reference: Reference) throws -> ResolvedReference {
        let id: GenerationID?
        switch moment {
        case .now: id = try store.promotion.state(of: slot, depth: 1).current?.generation
        case .below(let steps):
            id = try store.promotion.state(of: slot, depth: steps + 1).stack.dropFirst(steps).first?.generation
        case .beforeMoves(let moves):
            id = try store.promotion.history(of: slot, limit: moves + 1).dropFirst(moves).first
        case .at(let time): id = try store.audit.span(of: slot, at: time.timestamp)?.generation.id
        }
        guard let id, let record = try store.generations.find(id)?.record else {
            try confirm(slot, reference.description)
            let why = moment == .now ? "\(slot) holds nothing" : "\(slot) held nothing then"
            throw UnknownReference(text: reference.description, why: why, hint: "bake audit \(slot)")
        }
        return ResolvedReference(image: record.image, generation: record, slot: slot, path: reference.path)
    }
}

extension ResolvedReference {
    init(_ record: GenerationRecord, _ reference: Reference) {
        self.init(image: record.image, generation: record, slot: nil, path: reference.path)
    }
}

/// A reference to something that is not there, or that may mean several things.
public struct UnknownReference: ExplainedError, Hashable {
    let text: String
    let why: String
    public let hint: String?
    public let exit: ExitCode

    /// Describes what was looked for, and why it is not there.
    public init(text: String, why: String, hint: String?, exit: ExitCode = .notFound) {
        self.text = text
        self.why = why
        self.hint = hint
        self.exit = exit
    }

    public var doing: String { "find" }
    public var subject: String { text }
    public var reason: String { why }
}
