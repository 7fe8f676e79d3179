import BakeModel
import LayerBuild

/// A lock that does not say what the pipeline asks for.
public struct StaleLock: ExplainedError, Hashable {
    /// The lock file.
    let file: TreePath
    /// What differs, a line each: the stage, then `-` for what the lock was made for, `+` for what is asked now.
    let lines: [String]

    public var doing: String { "apply" }
    public var subject: String { file.description }
    public var reason: String { "the pipeline asks for something else\n\(lines.joined(separator: "\n"))" }
    public var hint: String? { "bake lock, then git add and git commit" }
    public var exit: ExitCode { .usage }
}

extension StageRecipes {
    /// Finds out before anything is done whether the lock fits.
    /// - Throws: `StaleLock` with everything that differs; what is wrong with a `.deb` file.
    func confirmLock() throws {
        let lines = try inputs.pipeline.stages.flatMap { stage in
            try difference(of: stage).map { "  \(stage.name)  \($0)" }
        }
        if !lines.isEmpty { throw StaleLock(file: inputs.lockName, lines: lines) }
    }

    private func difference(of stage: Stage) throws -> [String] {
        try rootDifference(of: stage) + fetchDifference(of: stage)
    }

    private func rootDifference(of stage: Stage) throws -> [String] {
        switch stage.root {
        case .debian(let suite):
            let asked = LockQuestion(stage, of: suite, files: try packageFiles(of: stage).map(\.locked))
            guard let locked = inputs.lock.packages[stage.name] else { return asked.terms.map { "+ \($0)" } }
            return asked.difference(from: LockQuestion(locked))
        case .imported(let source):
            guard case .machine(let path) = source.location else { return [] }
            guard let locked = inputs.lock.imports[stage.name] else { return ["+ import \(path)"] }
            return locked.path == path ? [] : ["- import \(locked.path)", "+ import \(path)"]
        case .scratch, .stage, .generation: return []
        }
    }

    private func fetchDifference(of stage: Stage) throws -> [String] {
        guard stage.run?.network == .machine, !isLocking else { return [] }
        guard let pin = inputs.lock.fetches[stage.name] else {
            return ["+ fetch: \(inputs.lockName) in the commit does not pin it"]
        }
        guard let asked = try asked(of: stage), asked != pin.asked else { return [] }
        return [Self.otherFetch(inputs.lockName)]
    }

    /// What is said of a command with network that changed.
    static func otherFetch(_ file: TreePath) -> String {
        "fetch: \(file) pins what it fetched before its command, its arguments or its inputs changed"
    }

    /// The `.deb` files of a stage, read.
    func packageFiles(of stage: Stage) throws -> [PackageFile] {
        try stage.packageFiles.map { path in
            try PackageFile(try inputs.checkout.read(path, limit: DebianFile.limit), at: path)
        }
    }

    /// Everything that a stage installs: what the lock pins, and its `.deb` files.
    func packages(of stage: Stage) throws -> LockedPackages {
        guard let locked = inputs.lock.packages[stage.name] else {
            throw StaleLock(file: inputs.lockName, lines: ["  \(stage.name)  + packages"])
        }
        return locked.adding(try packageFiles(of: stage).map(\.control.package))
    }
}
