import BakeModel
import Glibc
import LayerBuild
import LinuxSystem

/// Pipeline → lock: apt's solver for packages, digests for roots that lie on the machine or in a registry.
public struct PipelineLocker: Sendable {
    private let machine: DebianMachine
    private let imports: ImportLocker

    /// Locks with this machine's sources, and images as it reaches them.
    public init(machine: DebianMachine, imports: ImportAccess) {
        self.machine = machine
        self.imports = ImportLocker(imports)
    }

    /// Pins everything that the pipeline takes from outside its commit.
    /// - Parameter ignoring: called with each archive of the machine that was left out, because it is not Debian's own.
    public func lock(_ pipeline: Pipeline, ignoring: (String) -> Void) throws -> Lock {
        var lock = Lock()
        for stage in pipeline.stages {
            switch stage.root {
            case .debian(let suite):
                let solution = try DebianSolver(machine: machine).solve(suite: suite, asked: stage.packages)
                lock.packages[stage.name] = solution.packages
                solution.ignoredArchives.forEach(ignoring)
            case .imported(let source):
                lock.imports[stage.name] = try imports.lock(source)
            case .scratch, .stage, .generation: continue
            }
        }
        return lock
    }
}

/// What changed between two locks, a line each: what a reviewer reads.
public struct LockChanges {
    /// The lines; one that says so where nothing changed.
    public let lines: [String]

    /// Compares two locks.
    public init(from old: Lock, to new: Lock) {
        var lines: [String] = []
        for (stage, locked) in new.packages.sorted(by: { $0.key < $1.key }) {
            let before = Dictionary(
                (old.packages[stage]?.closure ?? []).map { ($0.name, $0.version) }, uniquingKeysWith: { $1 })
            let now = Set(locked.closure.map(\.name))
            if before.isEmpty {
                lines.append("\(stage)  \(locked.closure.count) packages of \(locked.suite)")
                continue
            }
            for package in locked.closure where before[package.name] != package.version {
                lines.append("\(stage)  \(package.name)  \(before[package.name] ?? "new") -> \(package.version)")
            }
            lines += before.keys.filter { !now.contains($0) }.sorted().map { "\(stage)  \($0)  gone" }
        }
        for (stage, locked) in new.imports.sorted(by: { $0.key < $1.key })
        where old.imports[stage] != locked {
            let before = old.imports[stage].map { "\($0.digest.short) -> " } ?? ""
            lines.append("\(stage)  \(locked.origin)  \(before)\(locked.digest.short)")
        }
        for (stage, locked) in new.fetches.sorted(by: { $0.key < $1.key })
        where old.fetches[stage]?.output.diffID != locked.output.diffID {
            let before = old.fetches[stage].map { "\($0.output.diffID.digest.short) -> " } ?? ""
            lines.append("\(stage)  fetched  \(before)\(locked.output.diffID.digest.short)")
        }
        self.lines = lines.isEmpty ? ["nothing changed"] : lines
    }
}
