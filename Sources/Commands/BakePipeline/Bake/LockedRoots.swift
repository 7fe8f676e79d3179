import BakeModel
import LayerBuild

/// The packages of roots as a lock alone tells them: known before anything is built, for roots that only packages made.
struct LockedRoots {
    let pipeline: Pipeline
    let lock: Lock
    /// The `.deb` files of a stage.
    private let files: (Stage) throws -> [PackageFile]

    init(inputs: BakeInputs, lock: Lock) {
        pipeline = inputs.pipeline
        self.lock = lock
        files = { try inputs.packageFiles(of: $0) }
    }

    /// The suite that a stage's packages come from, where a stage of the pipeline below it names one.
    func suite(of stage: Stage) -> DebianSuite? {
        switch stage.root {
        case .debian(let suite): suite
        case .stage(let name): pipeline.stage(name).flatMap(suite)
        case .scratch, .imported, .generation: nil
        }
    }

    /// The packages of the root below a stage; nil where only building it tells.
    func list(below stage: Stage) throws -> PackageList? {
        guard case .stage(let name) = stage.root, let below = pipeline.stage(name) else { return nil }
        return try packages(of: below).map { PackageList($0.values) }
    }

    private func packages(of stage: Stage) throws -> [String: LockedPackage]? {
        // A command may install something by itself, and what is removed may be a package's list.
        guard stage.run.map({ !$0.output.isEmpty }) ?? true, stage.remove.isEmpty else { return nil }
        var packages: [String: LockedPackage] = [:]
        switch stage.root {
        case .debian: break
        case .stage(let name):
            guard let below = try pipeline.stage(name).flatMap(self.packages) else { return nil }
            packages = below
        case .scratch, .imported, .generation: return nil
        }
        guard stage.installsPackages || packages.isEmpty else { return packages }
        guard let locked = lock.packages[stage.name] else { return nil }
        let own = try locked.closure + files(stage).map(\.control.package)
        return packages.merging(own.map { ($0.name, $0) }) { $1 }
    }
}
