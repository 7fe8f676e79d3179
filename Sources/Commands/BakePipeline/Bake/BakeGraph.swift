import BakeModel
import ImageAssembly
import LayerBuild
import LinuxSystem
import SpecRun
import StageEngine

/// Plan → work: what each node of a bake needs, depends on and does.
struct BakeGraph: Sendable {
    let inputs: BakeInputs
    let recipes: StageRecipes
    private let architecture: String
    /// Where results are and are made; nil for a plan where there is no store yet.
    private let store: BakeStore?
    private let request: BakeRequest
    private let monitor: StageMonitor
    private let booted: BootedImages

    typealias Node = StageNode<BakeProduct>

    init(
        store: BakeStore?, inputs: BakeInputs, request: BakeRequest, bases: BaseImages, isLocking: Bool = false,
        booted: BootedImages = .none, monitor: StageMonitor
    ) {
        self.store = store
        self.inputs = inputs
        self.request = request
        self.monitor = monitor
        self.booted = booted
        architecture = request.architecture
        recipes = StageRecipes(
            inputs: inputs, bases: bases, architecture: request.architecture, isLocking: isLocking)
    }

    /// The nodes: every stage, the image, and the spec where there is one.
    func graph() throws -> StageGraph<BakeProduct> {
        let stages = inputs.pipeline.stages.map(node)
        return try StageGraph(stages + [image] + (inputs.spec.map { [spec($0)] } ?? []))
    }

    /// What a stage starts from, before anything is done to it.
    func root(of stage: Stage, given: [String: BakeProduct]) throws -> BuiltStage {
        let recipe = try recipes.root(of: stage, given: given)
        let builder = try builder()
        return try monitor.watch(stage.name) { log, _ in try builder.base(of: recipe, log: log) }
    }

    /// The image and the stages that lead to it.
    func graphOfImage() throws -> StageGraph<BakeProduct> {
        try StageGraph(graph(of: [inputs.pipeline.image]).nodes + [image])
    }

    /// These stages alone, and what they need.
    func graph(of stages: Set<StageName>) throws -> StageGraph<BakeProduct> {
        var wanted = stages
        var added = stages
        while !added.isEmpty {
            added = Set(added.flatMap { inputs.pipeline.stage($0)?.needs ?? [] }).subtracting(wanted)
            wanted.formUnion(added)
        }
        return try StageGraph(inputs.pipeline.stages.filter { wanted.contains($0.name) }.map(node))
    }

    private func node(_ stage: Stage) -> Node {
        Node(
            id: PlanNode.id(of: .stage(stage.name)), needs: stage.needs.map { PlanNode.id(of: .stage($0)) },
            key: { given in
                // What the world has now is asked of the world, not of the cache.
                let recipe = try recipes.recipe(for: stage, given: given)
                return recipe.isOpen ? nil : try recipe.key()
            },
            shorthand: { given in
                let recipe = try recipes.recipe(for: stage, given: given)
                return recipe.isOpen ? nil : try recipe.shorthand()
            },
            holds: holds,
            work: { given in
                let recipe = try recipes.recipe(for: stage, given: given)
                var builder = try builder()
                builder.isEnteredLater = inputs.pipeline.stages.contains { $0.enters(rootOf: stage.name) }
                return try monitor.watch(stage.name) { log, meter in
                    builder.meter = meter
                    let build = { [builder] in try builder.build(recipe, log: log) }
                    let built = try build()
                    if request.buildsTwice {
                        try SecondBuild(store: openStore(), clock: request.clock)
                            .confirm(built, of: stage.name, build: build)
                    }
                    return .stage(built)
                }
            })
    }

    @Sendable private func holds(_ product: BakeProduct) -> Bool {
        store.map { store in product.blobs.allSatisfy(store.blobs.contains) } ?? false
    }

    private func openStore() throws -> BakeStore {
        guard let store else { throw MissingProduct(node: "store") }
        return store
    }

    /// What builds one stage.
    func builder() throws -> StageBuilder {
        let store = try openStore()
        var workshop = store.workshop
        workshop.compression = inputs.pipeline.compression
        var builder = StageBuilder(
            store: store.blobs, workshop: workshop, commit: inputs.commitFiles, machine: request.machine,
            imports: request.imports, threads: request.jobs, secrets: request.secrets)
        if request.keepsFailed { builder.keepsFailuresOf = inputs.pipeline.name }
        return builder
    }

    private var image: Node {
        let stage = PlanNode.id(of: .stage(inputs.pipeline.image))
        return Node(
            id: PlanNode.id(of: .image), needs: [stage],
            key: { given in
                StageKey([
                    .init(inputs.pipeline.image.text, given[stage]?.stage?.rootIdentity ?? ""),
                    .init("architecture", architecture), .init("compression", inputs.pipeline.compression.rawValue),
                    .init("history", (given[stage]?.stage?.layers ?? []).map(\.createdBy).joined(separator: "\n")),
                ])
            },
            holds: holds,
            work: { given in
                guard let built = given[stage]?.stage else { throw MissingProduct(node: stage) }
                let assembler = ImageAssembler(store: try openStore().blobs, architecture: architecture)
                return .image(try assembler.assemble(built.layers, configuration: built.configuration))
            })
    }

    /// A verdict that fails is an error, so that it is never kept: the next bake asks again.
    private func spec(_ spec: Spec) -> Node {
        let image = PlanNode.id(of: .image)
        let stages = spec.stages.map { (name: $0, id: PlanNode.id(of: .stage($0))) }
        return Node(
            id: PlanNode.id(of: .spec), needs: [image] + stages.map(\.id),
            key: { given in
                StageKey(
                    [
                        .init("image", given[image]?.image?.manifest.description ?? ""),
                        .init(spec.name, spec.digest.description), .init("verdict's format", Verdict.schema),
                    ] + stages.map { .init($0.name.text, given[$0.id]?.stage?.rootIdentity ?? "") }
                        + booted.digests.map { .init("boot \($0.reference)", $0.digest.description) })
            },
            work: { given in
                guard let found = given[image]?.image else { throw MissingProduct(node: image) }
                let store = try openStore()
                let roots = stages.compactMap { stage in given[stage.id]?.stage.map { (stage.name, StageRoot($0)) } }
                let verdict = try SpecRunner(store: store.blobs, program: store.program).run(
                    spec, on: .image(layers: found.layers, configuration: found.configuration),
                    with: SpecSurroundings(stages: Dictionary(roots) { $1 }, images: booted.images))
                guard verdict.isPass else { throw SpecFailure(verdict: verdict, image: found.manifest) }
                return .verdict(verdict)
            })
    }
}

extension StageRoot {
    /// The root of a stage that was built.
    init(_ stage: BuiltStage) { self.init(layers: stage.rootLayers, configuration: stage.configuration) }
}

/// An image that is not what its spec asks for.
public struct SpecFailure: ExplainedError {
    /// Every check.
    public let verdict: Verdict
    /// The image's manifest.
    public let image: Digest

    public var doing: String { "accept the image" }
    public var subject: String { image.short }
    public var reason: String { "\(verdict.failed) of \(verdict.passed + verdict.failed) checks failed" }
    public var hint: String? { "look inside: bake enter \(image) -- sh" }
}

/// A node whose need made something else: a fault of bake's.
struct MissingProduct: ExplainedError {
    let node: String
    var doing: String { "run the plan" }
    var subject: String { node }
    var reason: String { "it did not make what the next node needs" }
}
