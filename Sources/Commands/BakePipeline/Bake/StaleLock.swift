import BakeModel
import GitRepository
import LayerBuild

/// A lock that does not say what the pipeline asks for.
public struct StaleLock: ExplainedError, Hashable {
    /// The lock file.
    let file: TreePath
    /// What differs, a line each: the stage, then `-` for what the lock was made for, `+` for what is asked now.
    let lines: [String]

    public var doing: String { "apply" }
    public var subject: String { file.description }
    public var reason: String { "it was made for something else\n\(lines.joined(separator: "\n"))" }
    public var hint: String? { "\(command), then git add and git commit" }
    public var exit: ExitCode { .usage }

    /// Below bake/ there may be several, so it takes a name.
    private var command: String {
        let file = String(decoding: file.name, as: UTF8.self)
        return self.file.parent.isRoot ? "bake lock" : "bake lock \(file.replacing(".lock", with: ""))"
    }
}

extension BakeGraph {
    /// Finds out before anything is done whether the lock fits.
    /// - Throws: `StaleLock` with everything that differs; what is wrong with a `.deb` file.
    func confirmLock(in store: BakeStore) throws {
        let comparison = LockComparison(inputs: inputs, recipes: recipes, store: store.blobs) {
            try builder().installedPackages(of: $0).list
        }
        let lines = try inputs.pipeline.stages.flatMap { stage in
            try comparison.difference(of: stage).map { "\(stage.name)  \($0)" }
        }
        if !lines.isEmpty { throw StaleLock(file: inputs.lockName, lines: lines) }
    }
}

extension StageRecipes {
    /// What is said of a command with network that is not pinned as it stands.
    func fetchFault(of stage: Stage) -> String {
        inputs.lock.fetches[stage.name] == nil
            ? "+ fetch: \(inputs.lockName) in the commit does not pin it"
            : "fetch: \(inputs.lockName) pins what it fetched before its command, its arguments or its inputs changed"
    }

    /// Everything that a stage installs: what the lock pins, and its `.deb` files.
    func packages(of stage: Stage) throws -> LockedPackages {
        guard let locked = inputs.lock.packages[stage.name] else {
            throw StaleLock(file: inputs.lockName, lines: ["\(stage.name)  + packages"])
        }
        return locked.adding(try inputs.packageFiles(of: stage).map(\.control.package))
    }
}

extension BakeInputs {
    /// The `.deb` files of a stage, read.
    func packageFiles(of stage: Stage) throws -> [PackageFile] {
        try stage.packageFiles.map { path in
            try PackageFile(try checkout.read(path, limit: DebianFile.limit), at: path)
        }
    }

    /// The same files, as the commit names them.
    func committedPackageFiles(of stage: Stage) throws -> [CommittedFile] {
        try stage.packageFiles.flatMap {
            try checkout.select(PathPattern(text: $0.description, contents: false))
        }
    }
}
