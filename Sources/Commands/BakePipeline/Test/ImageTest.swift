import BakeModel
import BlobStorage
import Signing
import SpecRun

/// An image that is tested at any time after it was baked, and the record of it.
public struct ImageTest: Sendable {
    private let store: BakeStore
    /// What is tested.
    public let subject: ResolvedReference
    private static let specLimit = 16 << 20

    /// Tests what a reference means.
    public init(_ subject: ResolvedReference, in store: BakeStore) {
        self.subject = subject
        self.store = store
    }

    /// The spec that was kept with the generation.
    /// - Throws: `NoKeptSpec` where there is none.
    public func keptSpec() throws -> Spec {
        guard let record = subject.generation, let digest = record.spec else {
            throw NoKeptSpec(image: subject.image, generation: subject.generation?.id)
        }
        let text = String(decoding: try store.blobs.read(digest, limit: Self.specLimit), as: UTF8.self)
        return try Spec(parsing: text, name: try title(of: digest, in: record.evidence) ?? "the kept spec")
    }

    /// Runs a spec on the image.
    /// - Parameters:
    ///   - runs: how often; a check that changes its verdict is flaky.
    ///   - patience: how long what is asked of the running image may take to become so.
    ///   - surroundings: what it needs besides the image.
    public func verdict(
        of spec: Spec, with surroundings: SpecSurroundings = .none, runs: Int, patience: SpecPatience = .standard
    ) throws -> Verdict {
        let image = try image()
        return try SpecRunner(store: store.blobs, program: store.program)
            .run(
                spec, on: .image(layers: image.layers, configuration: image.configuration), with: surroundings,
                runs: runs, patience: patience)
    }

    /// Whether the image has a process of its own that commands of a spec do not run beside, because nothing asks for it.
    public func startsNothing(for spec: Spec) throws -> Bool {
        guard spec.runsCommandsAlone else { return false }
        return try !image().configuration.processArguments.isEmpty
    }

    /// The images that a spec boots besides, and the stages that its commands run in.
    /// - Throws: `UnknownReference` for the first image that is not there; `NoStageRoot` where nothing could be asked at
    ///   all.
    public func surroundings(
        of spec: Spec, stages: TestedStages, clock: LocalClock
    ) throws -> SpecSurroundings {
        if spec.asksStagesAlone, stages.roots.isEmpty {
            let why = spec.stages.first.flatMap { stages.absences[$0] }
            throw NoStageRoot(image: subject.image, generation: subject.generation?.id, why: why ?? "")
        }
        let images = try BootedImages(of: spec, for: subject.generation?.id.pipeline, in: store, clock: clock).images
        return SpecSurroundings(stages: stages.roots, absences: stages.absences, images: images)
    }

    /// Runs a Serverspec suite on the image, so often.
    public func verdict(of suite: ServerspecSuite, runs: Int) throws -> Verdict {
        let image = try image()
        let root = StageRoot(layers: image.layers, configuration: image.configuration)
        return try suite.verdict(
            in: ServerspecSession(in: root, store.blobs, program: store.program), runs: runs)
    }

    /// What a program of the image finds in its environment.
    public func environment() throws -> [String: String] {
        let image = try image()
        return StageRoot(layers: image.layers, configuration: image.configuration).environment(in: store.blobs)
    }

    private func image() throws -> Image { try store.image(subject) }

    /// What a document of the evidence is called.
    private func title(of document: Digest, in evidence: Digest) throws -> String? {
        let manifest = try JSON(parsing: store.blobs.read(evidence, limit: 1 << 20))
        let layer = manifest["layers"]?.items?.first { $0["digest"]?.string == document.description }
        return layer?["annotations"]?["org.opencontainers.image.title"]?.string
    }
}

extension BakeStore {
    /// Files a verdict, and records that its image was tested: a later failed test of a digest is there for every gate.
    /// - Parameters:
    ///   - generation: one whose image it is; nil where none has it, so that nothing is signed.
    ///   - key: what signs; nil where nothing does.
    /// - Returns: the number of the entry.
    public func record(
        _ verdict: VerdictRecord, of generation: GenerationRecord?, signedWith key: SigningKey?, by actor: Actor,
        clock: Timestamp
    ) throws -> Int64 {
        let facts = try VerdictFacts(verdict, in: blobs)
        let test = TestRecord(image: verdict.image, spec: verdict.spec, name: verdict.name, verdict: facts)
        return try FindingRecorder(store: self, key: key, actor: actor, clock: clock)
            .record(test, verdict.verdict, of: generation)
    }
}

extension VerdictFacts {
    /// Writes a verdict's document down, and says where.
    init(_ record: VerdictRecord, in blobs: BlobStore) throws {
        let verdict = record.verdict
        self.init(
            passed: verdict.passed, failed: verdict.failed, skipped: verdict.skipped,
            digest: try blobs.put(record.json.canonicalBytes))
    }
}

/// An image that no spec was kept with.
public struct NoKeptSpec: ExplainedError, Hashable {
    let image: Digest
    let generation: GenerationID?

    public var doing: String { "test" }
    public var subject: String { generation?.description ?? image.short }
    public var reason: String { "no spec was kept with it" }
    public var hint: String? { "name one: bake test \(generation?.description ?? image.short) goss.yaml" }
    public var exit: ExitCode { .usage }
}

/// A spec that has only commands in stages, none of whose roots is at hand.
public struct NoStageRoot: ExplainedError, Hashable {
    let image: Digest
    let generation: GenerationID?
    let why: String

    public var doing: String { "test" }
    public var subject: String { generation?.description ?? image.short }
    public var reason: String { "its spec has only commands in stages, and none of their roots is at hand: \(why)" }
    public var hint: String? { "run it where its commit is" }
    public var exit: ExitCode { .usage }
}
