import BakeModel
import LayerBuild
import SourceCheckout
import StageEngine

/// Finds everything that goes into a stage: its files in the commit, the stages it needs, its part of the lock.
struct StageRecipes: Sendable {
    let inputs: BakeInputs
    let bases: BaseImages
    /// The architecture that imported images must be for.
    let architecture: String
    /// Whether the lock is being written: what commands with network give need not be pinned then.
    let isLocking: Bool

    func recipe(for stage: Stage, given: [String: BakeProduct]) throws -> StageRecipe {
        let recipe = try StageRecipe(
            stage: stage, base: base(of: stage, given), packages: stage.addsPackages ? packages(of: stage) : nil,
            packageFiles: inputs.committedPackageFiles(of: stage),
            additions: stage.add.map { StageAddition(rule: $0, content: try content($0.source, given)) },
            inputs: workFiles(of: stage, given), compression: inputs.pipeline.compression)
        guard stage.run?.network == .machine else { return recipe }
        if let pin = inputs.lock.fetches[stage.name], try pin.asked == recipe.asked() { return recipe.pinned(to: pin) }
        guard !isLocking else { return recipe }
        throw StaleLock(file: inputs.lockName, lines: ["\(stage.name)  \(fetchFault(of: stage))"])
    }

    /// A stage with nothing but its root.
    func root(of stage: Stage, given: [String: BakeProduct]) throws -> StageRecipe {
        StageRecipe(
            stage: Stage(name: stage.name, root: stage.root), base: try base(of: stage, given), additions: [],
            inputs: [], compression: inputs.pipeline.compression)
    }

    /// What a command with network is asked, where that is known without any other stage.
    func asked(of stage: Stage) throws -> Digest? {
        let needsStages = (stage.run?.inputs ?? []).contains { if case .stage = $0 { true } else { false } }
        guard stage.run?.network == .machine, !needsStages else { return nil }
        return try StageRecipe(stage: stage, base: .scratch, additions: [], inputs: workFiles(of: stage, [:])).asked()
    }

    private func base(of stage: Stage, _ given: [String: BakeProduct]) throws -> StageRecipe.Base {
        switch stage.root {
        case .scratch: return .scratch
        case .stage(let name): return .stage(name, try built(name, given))
        case .debian: return .debian(try packages(of: stage))
        case .imported(let source): return try base(importing: source, for: stage)
        case .generation(let source):
            guard let base = bases.bases[stage.name] else { throw MissingProduct(node: source.description) }
            return .image(base.facts.generation, base.built)
        }
    }

    private func base(importing source: ImportSource, for stage: Stage) throws -> StageRecipe.Base {
        .imported(
            FoundImport(source: source, content: try content(of: source, for: stage), architecture: architecture))
    }

    private func content(of source: ImportSource, for stage: Stage) throws -> FoundImport.Content {
        switch (source, source.location) {
        case (.registry(let reference), _): return .pinned(try reference.digest ?? pin(of: stage, from: source))
        case (_, .machine), (_, nil): return .pinned(try pin(of: stage, from: source))
        case (.layout, .commit(let path)):
            return .committed(try inputs.checkout.select(PathPattern(text: path.description, contents: true)))
        case (_, .commit(let path)):
            let files = try inputs.checkout.select(PathPattern(text: path.description, contents: false))
            guard files.count == 1 else {
                throw LayerFault.unusableImport(path.description, "it is a directory; for an OCI layout: oci:\(path)")
            }
            return .committed(files)
        }
    }

    private func pin(of stage: Stage, from source: ImportSource) throws -> Digest {
        guard let locked = inputs.lock.imports[stage.name], locked.origin == source.lockedOrigin else {
            throw StaleLock(file: inputs.lockName, lines: ["\(stage.name)  + import \(source)"])
        }
        return locked.digest
    }

    private func workFiles(of stage: Stage, _ given: [String: BakeProduct]) throws -> [StageContent] {
        guard let run = stage.run else { return [] }
        guard let sources = run.inputs else {
            let (checkout, all) = (inputs.checkout, PathPattern(text: "**", contents: false))
            // Not by the pattern: it would refuse what lies beside a submodule.
            return [
                .checkout(
                    all,
                    SelectedFiles(identity: { try checkout.identity(of: all) }, all: { try checkout.tree.files }))
            ]
        }
        return try sources.map { try content($0, given) }
    }

    private func content(_ source: ContentSource, _ given: [String: BakeProduct]) throws -> StageContent {
        switch source {
        case .text(let bytes): .text(bytes)
        case .checkout(let pattern): selected(by: pattern)
        case .stage(let name, let path): .stage(name, path, try built(name, given))
        }
    }

    private func selected(by pattern: PathPattern) -> StageContent {
        let checkout = inputs.checkout
        return .checkout(
            pattern,
            SelectedFiles(identity: { try checkout.identity(of: pattern) }, all: { try checkout.select(pattern) }))
    }

    private func built(_ name: StageName, _ given: [String: BakeProduct]) throws -> BuiltStage {
        let id = PlanNode.id(of: .stage(name))
        guard let stage = given[id]?.stage else { throw MissingProduct(node: id) }
        return stage
    }
}

extension BakeInputs {
    /// The path of the lock file, whether it is there or not.
    public var lockName: TreePath { location.lock(of: pipeline.name) }
}
