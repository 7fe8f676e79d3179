import BakeModel
import BlobStorage
import GitRepository
import LinuxSystem
import RootFilesystem
import StageEngine
import TarArchive

/// Tree → layers: builds one stage after its recipe, in the fixed order base, packages, users, add, run, remove.
public struct StageBuilder: Sendable {
    let store: BlobStore
    let workshop: RootWorkshop
    var commit: CommitFiles
    let machine: DebianMachine
    let imports: ImportAccess
    let threads: Int
    let secrets: [String: SandboxSecret]
    /// Shows how far the stage has come, in bytes; nil where nobody looks.
    public var meter: ByteMeter?
    /// Whether another stage works in the root that this one makes.
    public var isEnteredLater = false
    /// The pipeline under whose name the root of a command that fails is kept; nil keeps none.
    public var keepsFailuresOf: PipelineName?

    /// Builds stages of one commit.
    /// - Parameters:
    ///   - machine: where Debian's packages come from.
    ///   - imports: how images of others are reached.
    ///   - threads: how many compress one layer.
    ///   - secrets: what commands may read, by name.
    public init(
        store: BlobStore, workshop: RootWorkshop, commit: CommitFiles, machine: DebianMachine,
        imports: ImportAccess, threads: Int, secrets: [String: SandboxSecret]
    ) {
        self.store = store
        self.workshop = workshop
        self.commit = commit
        self.machine = machine
        self.imports = imports
        self.threads = threads
        self.secrets = secrets
    }

    /// Builds a stage.
    /// - Parameter log: takes what the stage's programs print.
    public func build(_ recipe: StageRecipe, log: Descriptor) throws -> BuiltStage {
        try readingOnce(recipe).layers(of: recipe, log: log)
    }

    private func layers(of recipe: StageRecipe, log: Descriptor) throws -> BuiltStage {
        let stage = recipe.stage
        for file in recipe.packageFiles { _ = try store.put(try commit.bytes(file, DebianFile.limit)) }
        var built = try base(of: recipe, log: log)
        if let packages = recipe.packages, let layer = try packagesLayer(packages, over: built, log: log) {
            let by = "\(stage.name): packages \(packages.asked.joined(separator: " "))"
            built = built.adding(HistoryLayer(layer: layer, createdBy: by))
        }
        if let layer = try usersLayer(stage.users, over: built.rootLayers) {
            let names = stage.users.map(\.name).joined(separator: ", ")
            built = built.adding(HistoryLayer(layer: layer, createdBy: "\(stage.name): users \(names)"))
        }
        if let layer = try addedLayer(recipe, over: built.rootLayers) {
            built = built.adding(HistoryLayer(layer: layer, createdBy: "\(stage.name): add"))
        }
        if let run = stage.run { built = try result(of: run, recipe, over: built, log: log) }
        if !stage.remove.isEmpty {
            let layer = try workshop.edit(built.rootLayers, stage.remove.map(TreeEdit.removeFound))
            let names = stage.remove.map { "/\($0)" }.joined(separator: " ")
            built = built.adding(HistoryLayer(layer: layer, createdBy: "\(stage.name): remove \(names)"))
        }
        return built.configured(by: stage.configuration)
    }

    /// What a stage starts from, before anything is done to it.
    public func base(of recipe: StageRecipe, log: Descriptor) throws -> BuiltStage {
        switch recipe.base {
        case .scratch:
            return BuiltStage(layers: [], output: nil, configuration: ImageConfiguration())
        case .stage(_, let built):
            return BuiltStage(
                layers: built.layers, output: nil, configuration: built.configuration)
        case .image(_, let built):
            return built
        case .debian(let locked):
            let layer = try debianLayer(locked, log: log)
            let by = "\(recipe.stage.name): debian \(locked.suite), \(locked.closure.count) packages"
            return BuiltStage(
                layers: [HistoryLayer(layer: layer, createdBy: by)], output: nil,
                configuration: ImageConfiguration())
        case .imported(let found):
            return try importedBase(found, for: recipe.stage.name, isEntered: recipe.stage.worksInRoot)
        }
    }

    private func addedLayer(_ recipe: StageRecipe, over layers: [Layer]) throws -> Layer? {
        guard !recipe.additions.isEmpty else { return nil }
        let collector = ContentCollector(store: store, workshop: workshop, commit: commit)
        let needsNames = recipe.additions.contains { $0.rule.owner.numbers == nil }
        let accounts = needsNames ? try accounts(of: layers) : Accounts(texts: [:])
        var draft = LayerDraft()
        for addition in recipe.additions {
            try collector.collect(addition, as: try accounts.owner(addition.rule.owner), into: &draft)
        }
        return try write(
            try ParentDirectories(workshop: workshop, layers: layers).complete(draft),
            isEntered: recipe.stage.run != nil || !recipe.stage.remove.isEmpty)
    }

    /// Writes a layer into the store, and into the cache of unpacked layers as well where somebody enters the root next.
    /// - Parameter isEntered: whether this stage itself does.
    func write(_ draft: LayerDraft, isEntered: Bool) throws -> Layer {
        let pack = { (copy: Descriptor?) in
            try draft.write(
                to: store, compression: workshop.compression, threads: threads, meter: meter, copyingTo: copy)
        }
        guard isEntered || isEnteredLater, draft.size >= Self.leastUnpacked else { return try pack(nil) }
        return try workshop.unpacking(pack)
    }

    /// A smaller layer is unpacked in less time than a helper takes to start.
    private static let leastUnpacked: UInt64 = 16 << 20

    /// A pinned command with network needs not run where the store has what it gave.
    private func result(
        of run: RunStep, _ recipe: StageRecipe, over built: BuiltStage, log: Descriptor
    ) throws -> BuiltStage {
        guard run.network == .machine else { return try ran(run, recipe, over: built, log: log) }
        if let pin = recipe.pin, store.contains(pin.output.blob) { return built.withOutput(pin.output) }
        let fetched = try ran(run, recipe, over: built, log: log)
        if let pin = recipe.pin, let found = fetched.output, found.diffID != pin.output.diffID {
            throw LayerFault.fetchedOther(recipe.stage.name, locked: pin.output.diffID, found: found.diffID)
        }
        return fetched
    }

    private func ran(
        _ run: RunStep, _ recipe: StageRecipe, over built: BuiltStage, log: Descriptor
    ) throws -> BuiltStage {
        var request = try request(for: run, recipe, over: built)
        let outcome = try inputs(of: recipe).flow { inputs in
            request.inputs = inputs
            return try succeed(run.command.description, request, log: log)
        }
        guard run.output.isEmpty else { return built.withOutput(outcome.layer) }
        guard let layer = outcome.layer else { return built }
        return built.adding(HistoryLayer(layer: layer, createdBy: "\(recipe.stage.name): run \(run.command)"))
    }

    /// Runs a command that must succeed.
    /// - Parameter name: what the command is called in the message of its failure.
    func succeed(_ name: String, _ request: RunRequest, log: Descriptor) throws -> RunOutcome {
        let captured = try LogTail(passingTo: log)
        let outcome = try workshop.run(request, log: captured.input, meter: meter)
        if let exceeded = outcome.exceeded {
            throw LayerFault.limitExceeded(name, exceeded, request.limits, lastLines: try captured.lastLines())
        }
        guard outcome.ending.succeeded else {
            throw LayerFault.commandFailed(
                name, ending: outcome.ending.explanation, lastLines: try captured.lastLines())
        }
        return outcome
    }

    private func request(for run: RunStep, _ recipe: StageRecipe, over built: BuiltStage) throws -> RunRequest {
        let arguments = run.arguments.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        // Proxies are the machine's, as its name servers are: what a command with network gives is pinned.
        let proxies = run.network == .machine ? machine.proxies : []
        let passwords = run.network == .machine ? machine.proxySecrets : []
        let environment = proxies + built.configuration.environment + arguments + run.environment
        var program: SandboxProgram =
            switch run.command {
            case .shell(let text): .shell(text, environment: environment, in: RunStep.directory)
            case .words(let words): SandboxProgram(words, environment: environment, workingDirectory: RunStep.directory)
            }
        program.user = run.user
        var request = RunRequest(
            layers: built.rootLayers, program: program,
            result: run.output.isEmpty ? .changes : .outputs(run.output.map(\.path)),
            network: run.network == .machine ? .host : .own, limits: SandboxLimits(recipe.stage.limits),
            secrets: try run.secrets.map { name in
                guard let secret = secrets[name] else { throw LayerFault.missingSecret(recipe.stage.name, name) }
                return secret
            } + passwords)
        request.failureName = keepsFailuresOf.map { FailedStage(pipeline: $0, stage: recipe.stage.name).name }
        return request
    }

    private func inputs(of recipe: StageRecipe) throws -> WorkInputs {
        let collector = ContentCollector(store: store, workshop: workshop, commit: commit)
        var draft = LayerDraft()
        for content in recipe.inputs { try collector.collect(content, into: &draft) }
        return WorkInputs(draft)
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
