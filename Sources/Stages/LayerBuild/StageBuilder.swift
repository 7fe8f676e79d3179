import BakeModel
import BlobStorage
import GitRepository
import LinuxSystem
import RootFilesystem
import StageEngine
import TarArchive

/// Tree → layers: builds one stage after its recipe, in the fixed order base, packages, add, run.
public struct StageBuilder: Sendable {
    let store: BlobStore
    let workshop: RootWorkshop
    let commit: CommitFiles
    let machine: DebianMachine
    let threads: Int
    let deadline: Double

    /// Builds stages of one commit.
    /// - Parameters:
    ///   - machine: where Debian's packages come from.
    ///   - threads: how many compress one layer.
    ///   - deadline: seconds after which a command is ended.
    public init(
        store: BlobStore, workshop: RootWorkshop, commit: CommitFiles, machine: DebianMachine, threads: Int,
        deadline: Double
    ) {
        self.store = store
        self.workshop = workshop
        self.commit = commit
        self.machine = machine
        self.threads = threads
        self.deadline = deadline
    }

    /// Builds a stage.
    /// - Parameter log: takes what the stage's programs print.
    public func build(_ recipe: StageRecipe, log: Descriptor) throws -> BuiltStage {
        var built = try base(of: recipe, log: log)
        if let layer = try addedLayer(recipe, over: built.rootLayers) {
            built = built.adding(HistoryLayer(layer: layer, createdBy: "\(recipe.stage.name): add"))
        }
        if let run = recipe.stage.run { built = try ran(run, recipe, over: built, log: log) }
        return built.configured(by: recipe.stage.configuration)
    }

    private func base(of recipe: StageRecipe, log: Descriptor) throws -> BuiltStage {
        switch recipe.base {
        case .scratch:
            return BuiltStage(layers: [], output: nil, configuration: ImageConfiguration())
        case .stage(_, let built):
            return BuiltStage(
                layers: built.layers, output: nil, configuration: built.configuration)
        case .debian(let locked):
            let layer = try debianLayer(locked, log: log)
            let by = "\(recipe.stage.name): debian \(locked.suite), \(locked.closure.count) packages"
            return BuiltStage(
                layers: [HistoryLayer(layer: layer, createdBy: by)], output: nil,
                configuration: ImageConfiguration())
        case .committed, .committedLayout, .machine:
            return try importedBase(recipe)
        }
    }

    private func addedLayer(_ recipe: StageRecipe, over layers: [Layer]) throws -> Layer? {
        guard !recipe.additions.isEmpty else { return nil }
        let collector = ContentCollector(store: store, workshop: workshop, commit: commit)
        var draft = LayerDraft()
        for addition in recipe.additions { try collector.collect(addition, into: &draft) }
        return try ParentDirectories(workshop: workshop, layers: layers).complete(draft)
            .write(to: store, threads: threads)
    }

    private func ran(
        _ run: RunStep, _ recipe: StageRecipe, over built: BuiltStage, log: Descriptor
    ) throws -> BuiltStage {
        let inputs = try inputArchive(recipe)
        let captured = try LogTail(passingTo: log)
        let outcome = try workshop.run(
            RunRequest(
                layers: built.rootLayers, script: run.command, environment: built.configuration.environment,
                inputs: inputs, result: run.output.isEmpty ? .changes : .outputs(run.output.map(\.path)),
                deadline: deadline),
            log: captured.input)
        guard outcome.ending.succeeded else {
            let ending = outcome.timedOut ? "it took longer than \(Int(deadline)) s" : outcome.ending.explanation
            throw LayerFault.commandFailed(run.command, ending: ending, lastLines: try captured.lastLines())
        }
        guard run.output.isEmpty else { return built.withOutput(outcome.layer) }
        guard let layer = outcome.layer else { return built }
        return built.adding(HistoryLayer(layer: layer, createdBy: "\(recipe.stage.name): run \(run.command)"))
    }

    /// The files of `/work` as an archive in an unlinked file of the store.
    private func inputArchive(_ recipe: StageRecipe) throws -> Descriptor {
        let collector = ContentCollector(store: store, workshop: workshop, commit: commit)
        var draft = LayerDraft()
        for content in recipe.inputs { try collector.collect(content, into: &draft) }
        let blob = try store.newBlob()
        try draft.write(to: blob.descriptor, threads: threads)
        // The writer removes the name when it goes; the open file stays with its descriptor.
        return try blob.descriptor.rewound()
    }
}

extension BuiltStage {
    func adding(_ layer: HistoryLayer) -> BuiltStage {
        BuiltStage(layers: layers + [layer], output: output, configuration: configuration)
    }

    func withOutput(_ output: Layer?) -> BuiltStage {
        BuiltStage(layers: layers, output: output, configuration: configuration)
    }

    func configured(by upper: ImageConfiguration) -> BuiltStage {
        BuiltStage(
            layers: layers, output: output, configuration: configuration.overlaid(by: upper))
    }
}
