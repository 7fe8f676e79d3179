import BakeModel
import BlobStorage
import LayerBuild

/// Compares what a pipeline asks for with what its lock was made for, as far as that is known before anything is built.
struct LockComparison {
    let inputs: BakeInputs
    let recipes: StageRecipes
    /// Where the list of the packages that a lock was made on may lie.
    let store: BlobStore
    /// Asks a root for its packages.
    let installed: (BuiltStage) throws -> PackageList

    /// What differs for a stage: `-` for what the lock was made for, `+` for what is asked now.
    func difference(of stage: Stage) throws -> [String] {
        try packages(of: stage) + importedRoot(of: stage) + fetch(of: stage)
    }

    private func packages(of stage: Stage) throws -> [String] {
        let roots = LockedRoots(inputs: inputs, lock: inputs.lock)
        if case .debian = stage.root {} else if !stage.addsPackages { return [] }
        let files = try inputs.packageFiles(of: stage).map(\.locked)
        guard let locked = inputs.lock.packages[stage.name] else {
            return LockQuestion(stage, of: roots.suite(of: stage), files: files).terms.map { "+ \($0)" }
        }
        let suite = roots.suite(of: stage) ?? DebianSuite(locked.suite)
        return LockQuestion(stage, of: suite, files: files).difference(from: LockQuestion(locked))
            + (try base(of: stage, locked, roots))
    }

    /// What the root below has else than when the lock was written. Of a root that a command made nothing is known yet.
    private func base(of stage: Stage, _ locked: LockedPackages, _ roots: LockedRoots) throws -> [String] {
        guard stage.addsPackages else { return locked.base == nil ? [] : ["- packages on another root"] }
        guard let base = locked.base else { return ["- debian \(locked.suite)"] }
        let list = try bases.bases[stage.name].map { try installed($0.built) } ?? roots.list(below: stage)
        guard let list, list.digest != base else { return [] }
        let lines = list.difference(from: base, in: store)
        return ["the root below has other packages"] + lines.map { "  \($0)" }
    }

    private func importedRoot(of stage: Stage) -> [String] {
        guard case .imported(let source) = stage.root, case .machine(let path) = source.location else { return [] }
        guard let locked = inputs.lock.imports[stage.name] else { return ["+ import \(path)"] }
        return locked.path == path ? [] : ["- import \(locked.path)", "+ import \(path)"]
    }

    private func fetch(of stage: Stage) throws -> [String] {
        guard stage.run?.network == .machine else { return [] }
        let pin = inputs.lock.fetches[stage.name]
        let asked = try recipes.asked(of: stage)
        let differs = pin == nil || (asked != nil && asked != pin?.asked)
        return differs ? [recipes.fetchFault(of: stage)] : []
    }

    private var bases: BaseImages { recipes.bases }
}
