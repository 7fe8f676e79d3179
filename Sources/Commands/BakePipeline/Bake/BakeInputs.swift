import BakeModel
import GitRepository
import SourceCheckout
import SpecRun

/// Everything that a bake reads before it does anything: commit, pipeline, lock and spec, all from the commit.
public struct BakeInputs: Sendable {
    /// The commit and its files.
    public let checkout: Checkout
    /// Where the pipeline file lies.
    public let location: PipelineLocation
    /// The pipeline.
    public let pipeline: Pipeline
    /// The bytes of the pipeline file.
    public let pipelineBytes: [UInt8]
    /// The lock; empty where there is no lock file.
    public private(set) var lock: Lock
    /// The bytes of the lock file; nil where there is none.
    public let lockBytes: [UInt8]?
    /// The spec; nil where the pipeline asks for nothing.
    public let spec: Spec?

    /// What else the spec is made of: files that it includes, variables, what its template reads.
    private let specFiles: Set<TreePath>

    private static let documentLimit = 1 << 20

    /// Reads a pipeline of a commit.
    /// - Parameters:
    ///   - choice: which one, by name or path; the only one where nil.
    ///   - settings: values for its `args:`.
    /// - Throws: everything that is wrong with the files, with places; `UnknownArgument`.
    public init(_ checkout: Checkout, choice: String?, settings: [String: String] = [:]) throws {
        self.checkout = checkout
        let regular = try Self.files(of: checkout, choice: choice)
        let locator = try PipelineLocator(paths: regular.keys) { path in
            try regular[path].map { try checkout.read($0, limit: Self.documentLimit) }
        }
        location = try locator.locate(choice)
        pipelineBytes = try checkout.read(location.file, limit: Self.documentLimit)
        let written = try PipelineFile.read(pipelineBytes, at: location.file)
        try location.confirm(written)
        if let unknown = settings.keys.filter({ written.arguments[$0] == nil }).min() {
            throw UnknownArgument(name: unknown, known: written.arguments.keys.sorted())
        }
        pipeline = written.setting(settings)
        let lockPath = location.lock(of: pipeline.name)
        lockBytes = try checkout.file(lockPath).map { try checkout.read($0, limit: LockFile.limit) }
        lock = try lockBytes.map { try LockFile.parse($0) } ?? Lock()
        let declared = PipelineFile.arguments(pipelineBytes, at: location.file)
        let reading = SpecSourceReading(
            files: CommitSpecFiles(checkout), pipeline: location.file, pipelineBytes: pipelineBytes,
            arguments: declared.merging(pipeline.arguments) { $1 })
        spec = try pipeline.spec.map { try reading.spec($0) }
        specFiles = reading.files.read
    }

    /// The files among which the pipeline file is: no other directory has to be read for it.
    private static func files(of checkout: Checkout, choice: String?) throws -> [TreePath: CommittedFile] {
        let usual = PipelineLocator.directories
        let chosen = choice.flatMap { try? TreePath(cleaning: $0) }?.parent
        let directories = chosen.map { usual.contains($0) ? usual : usual + [$0] } ?? usual
        let files = try directories.flatMap { try checkout.files(in: $0) }
        return Dictionary(files.map { ($0.path, $0) }) { $1 }
    }

    /// Refuses a secret that no command of the pipeline reads: its name is probably wrong.
    /// - Throws: `UnknownSecret`.
    public func confirm(secrets: some Sequence<String>) throws {
        guard let unknown = secrets.first(where: { !pipeline.secrets.contains($0) }) else { return }
        throw UnknownSecret(name: unknown, known: pipeline.secrets.sorted())
    }

    /// The same inputs with another lock, for whoever writes it.
    public func locked(by lock: Lock) -> BakeInputs {
        var inputs = self
        inputs.lock = lock
        return inputs
    }

    /// Whether the bake reads a path of the commit: its own files, and what its stages take.
    public func reads(_ path: TreePath) -> Bool {
        if path == location.file || path == location.lock(of: pipeline.name) { return true }
        if specFiles.contains(path) { return true }
        return pipeline.stages.contains { stage in
            if let run = stage.run, run.inputs == nil { return true }
            if stage.packageFiles.contains(path) { return true }
            if case .imported(let source) = stage.root, case .commit(let root) = source.location,
                path.relative(to: root) != nil
            {
                return true
            }
            return (stage.add.map(\.source) + (stage.run?.inputs ?? [])).contains { source in
                guard case .checkout(let pattern) = source, let matcher = try? PathMatcher(pattern) else {
                    return false
                }
                return matcher.matches(path)
            }
        }
    }
}

/// A value for an argument that the pipeline does not declare.
public struct UnknownArgument: ExplainedError, Hashable {
    let name: String
    let known: [String]

    public var doing: String { "set" }
    public var subject: String { name }
    public var reason: String { "the pipeline declares no such argument" }
    public var hint: String? {
        if let near = Spelling.suggestion(for: name, in: known) { return near }
        return known.isEmpty
            ? "declare it: args: { \(name): \"\" }" : "its arguments are \(known.joined(separator: ", "))"
    }
    public var exit: ExitCode { .usage }
}

/// A secret that no command reads.
public struct UnknownSecret: ExplainedError, Hashable {
    let name: String
    let known: [String]

    public var doing: String { "give the secret" }
    public var subject: String { name }
    public var reason: String { "no command of the pipeline reads it" }
    public var hint: String? { Spelling.suggestion(for: name, in: known) ?? "declare it: secrets: [\(name)]" }
    public var exit: ExitCode { .usage }
}
