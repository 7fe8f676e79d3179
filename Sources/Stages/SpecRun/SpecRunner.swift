import BakeModel
import BlobStorage
import LinuxSystem
import RootFilesystem

/// Turns an image into a verdict: a helper in namespaces of its own mounts it, looks at its root file system and, where
/// the spec asks for it, starts its own process. Nothing of the image runs or is parsed in the calling process.
public struct SpecRunner: Sendable {
    /// How long what is asked of the running image may take to become so, in seconds from the start of its process.
    public static let patience: Double = 10

    private let store: BlobStore
    private let program: HelperProgram

    /// - Parameters:
    ///   - store: where the layers are.
    ///   - program: bake itself, which serves `SpecHelper`.
    public init(store: BlobStore, program: HelperProgram) {
        self.store = store
        self.program = program
    }

    /// Checks an image.
    /// - Parameters:
    ///   - layers: of the image, the lowest first.
    ///   - configuration: how its process is started.
    ///   - patience: how long what is asked of the running image may take to become so, in seconds.
    ///   - deadline: seconds after which everything is ended.
    /// - Throws: why there is no verdict. A check that fails, or cannot be evaluated, is part of the verdict.
    public func run(
        _ spec: SpecFile, layers: [Layer], configuration: ImageConfiguration, patience: Double = Self.patience,
        deadline: Double = 3600
    ) throws -> Verdict {
        let request = SpecRequest(
            store: store.path, workspace: store.workspace, text: spec.text, name: spec.name, layers: layers,
            configuration: configuration, milliseconds: Int64(patience * 1000))
        let call = try HelperCall.start(
            program, SpecHelper.name, request: request.json, launcher: UserNamespace.launcher(network: .own))
        guard let verdict = Verdict(try call.finish(deadline: deadline)) else { throw VerdictError() }
        return verdict
    }
}

/// An answer of the helper that is no verdict.
struct VerdictError: ExplainedError, Hashable {
    var doing: String { "read" }
    var subject: String { "the verdict on the image" }
    var reason: String { "its shape is another than \(Verdict.schema)" }
}
