import BakeModel
import BlobStorage
import LayerBuild
import LinuxSystem

/// Pipeline → lock: apt's solver for packages, digests for roots that lie on the machine or in a registry.
public struct PipelineLocker: Sendable {
    private let machine: DebianMachine
    private let store: BlobStore?
    private let imports: ImportLocker
    private let read: @Sendable (TreePath, Int) throws -> [UInt8]

    /// Locks with this machine's sources, and those that the pipeline names.
    /// - Parameters:
    ///   - imports: how images of others are reached.
    ///   - store: whose packages may stay pinned after the archives have dropped them; nil for none.
    ///   - read: reads a file that the pipeline names, at most so many bytes.
    public init(
        machine: DebianMachine, imports: ImportAccess, store: BlobStore?,
        read: @escaping @Sendable (TreePath, Int) throws -> [UInt8]
    ) {
        self.machine = machine
        self.imports = ImportLocker(imports)
        self.store = store
        self.read = read
    }

    /// A lock, and what a reviewer should know of it.
    public struct Proposal: Sendable {
        /// The lock, but for what commands with network give.
        public var lock = Lock()
        /// The packages that are new and come from a security archive.
        public var security: [StageName: Set<String>] = [:]
        /// Archives of the machine that were left out, because they are not Debian's own.
        public var ignoredArchives: [String] = []
        /// Stages whose part is as it was, because only building their root would tell, and nothing was to be built.
        public var unknown: [StageName] = []

        mutating func take(_ solution: DebianSolver.Solution, for stage: StageName) {
            lock.packages[stage] = solution.packages
            security[stage] = solution.security
            let known = ignoredArchives
            ignoredArchives += solution.ignoredArchives.filter { !known.contains($0) }
        }
    }

    /// Pins everything that the pipeline takes from outside its commit.
    /// - Parameters:
    ///   - old: what was pinned before: it stays where it can still be had and the pipeline's changes allow.
    ///   - update: what moves all the same.
    public func lock(_ pipeline: Pipeline, keeping old: Lock, update: LockUpdate) throws -> Proposal {
        try confirm(update, old)
        var proposal = Proposal()
        for stage in pipeline.stages {
            switch stage.root {
            case .debian(let suite):
                let solution = try DebianSolver(machine: machine, store: store).solve(
                    try PackageRequest(of: stage, from: suite, read: read), keeping: old.packages[stage.name],
                    update: update)
                proposal.take(solution, for: stage.name)
            case .imported(let source):
                proposal.lock.imports[stage.name] = try imports.lock(
                    source, keeping: update == .everything ? nil : old.imports[stage.name])
            case .scratch, .stage, .generation: continue
            }
        }
        return proposal
    }

    private func confirm(_ update: LockUpdate, _ old: Lock) throws {
        guard case .packages(let names) = update else { return }
        let known = Set(old.packages.values.flatMap { $0.closure.map(\.name) })
        if let unknown = names.subtracting(known).min() {
            throw UnpinnedPackage(name: unknown, known: known.sorted())
        }
    }
}

extension PackageRequest {
    private static let keyringLimit = 16 << 20

    /// What a stage asks.
    /// - Parameter read: reads a file that the pipeline names, at most so many bytes.
    init(of stage: Stage, from suite: DebianSuite, read: (TreePath, Int) throws -> [UInt8]) throws {
        let files = try stage.packageFiles.map { try PackageFile(try read($0, DebianFile.limit), at: $0) }
        var keyring: [UInt8]?
        if case .commit(let path) = suite.keyring { keyring = try read(path, Self.keyringLimit) }
        self.init(suite: suite, asked: stage.packages, files: files, keyring: keyring)
    }
}

/// A package to be updated that no stage has.
public struct UnpinnedPackage: ExplainedError, Hashable {
    let name: String
    let known: [String]

    public var doing: String { "update" }
    public var subject: String { name }
    public var reason: String { "the lock pins no package of that name" }
    public var hint: String? {
        Spelling.suggestion(for: name, in: known) ?? "the name of a pipeline stands first: bake lock NAME --update"
    }
    public var exit: ExitCode { .notFound }
}
