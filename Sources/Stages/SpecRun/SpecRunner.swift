import BakeModel
import BlobStorage
import LinuxSystem
import RootFilesystem

/// Turns an image into a verdict. What a spec asks of the root file system alone is answered from the indexes of the
/// image's layers. For everything else a helper in namespaces of its own mounts the image, looks at its root and, where
/// the spec asks for it, starts its own process. Nothing of the image runs in the calling process, and nothing is parsed
/// there that could take long.
public struct SpecRunner: Sendable {
    private let store: BlobStore?
    private let workspace: String
    private let program: HelperProgram
    private let environment: [String]

    /// - Parameters:
    ///   - store: where the layers are.
    ///   - program: bake itself, which serves `SpecHelper`.
    public init(store: BlobStore, program: HelperProgram) {
        self.init(store: store, workspace: store.workspace, program: program)
    }

    /// For a directory of this machine, which needs no store.
    /// - Parameters:
    ///   - workspace: a directory for what commands change, on a file system that overlays may write to.
    ///   - environment: what commands find where the directory is `/`, `NAME=value`.
    public init(directoriesIn workspace: String, program: HelperProgram, environment: [String] = []) {
        self.init(store: nil, workspace: workspace, program: program, environment: environment)
    }

    private init(store: BlobStore?, workspace: String, program: HelperProgram, environment: [String] = []) {
        self.store = store
        self.workspace = workspace
        self.program = program
        self.environment = environment
    }

    /// Runs a spec.
    /// - Parameters:
    ///   - surroundings: the roots that its commands run in and the images that it boots.
    ///   - runs: how often; a check that changes its verdict is flaky.
    ///   - patience: how long what is asked of the running image may take to become so.
    ///   - deadline: seconds after which everything is ended, for each run.
    /// - Throws: why there is no verdict. A check that fails, or cannot be evaluated, is part of the verdict.
    public func run(
        _ spec: Spec, on subject: SpecSubject, with surroundings: SpecSurroundings = .none, runs: Int = 1,
        patience: SpecPatience = .standard, deadline: Double = 3600
    ) throws -> Verdict {
        let request = SpecRequest(
            store: store?.path ?? "", workspace: workspace, text: spec.document.text, name: spec.name, subject: subject,
            stages: surroundings.stages.byText, absences: surroundings.absences.byText,
            images: surroundings.images.mapValues(\.root), environment: environment,
            patience: patience)
        return Verdict(repeated: try (0..<max(1, runs)).map { _ in try verdict(spec, request, deadline) })
            .withoutIdleStart().beside(surroundings.images.mapValues(\.digest), lent: spec.lent)
    }

    private func verdict(_ spec: Spec, _ request: SpecRequest, _ deadline: Double) throws -> Verdict {
        if case .image(let layers, let configuration) = request.subject, let store,
            let verdict = try IndexedSpec(spec)?.verdict(on: layers, configuration: configuration, in: store)
        {
            return verdict
        }
        let call = try request.subject.start(program, request.json)
        guard let verdict = Verdict(try call.finish(deadline: deadline)) else { throw VerdictError() }
        return verdict
    }
}

extension Dictionary where Key == StageName {
    /// The same with the names as text.
    fileprivate var byText: [String: Value] { Dictionary<String, Value>(map { ($0.key.text, $0.value) }) { $1 } }
}

extension SpecSubject {
    /// The machine itself is looked at from its own namespaces; everything else from new ones.
    fileprivate func start(_ program: HelperProgram, _ request: JSON) throws -> HelperCall {
        if case .directory("/") = self { return try HelperCall.start(program, SpecHelper.name, request: request) }
        return try HelperCall.start(
            program, SpecHelper.name, request: request, launcher: UserNamespace.launcher(network: .own))
    }
}

/// An answer of the helper that is no verdict.
struct VerdictError: ExplainedError, Hashable {
    var doing: String { "read" }
    var subject: String { "the verdict on the image" }
    var reason: String { "its shape is another than \(Verdict.schema)" }
}
