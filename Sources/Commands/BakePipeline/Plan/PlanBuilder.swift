import BakeModel

/// Derives the nodes of a plan from a pipeline, its lock and the store's policy.
struct PlanBuilder {
    let pipeline: Pipeline
    let lock: Lock?
    let policy: Policy
    let isDraft: Bool

    /// The nodes, in the order of the file.
    var nodes: [PlanNode] {
        let checkout = PlanNode(kind: .checkout, summary: "the commit's files")
        let ending = isDraft ? [] : [generation] + promotions
        return [checkout] + pipeline.stages.flatMap(stage) + [image] + (spec.map { [$0] } ?? []) + ending
    }

    private func stage(_ stage: Stage) -> [PlanNode] {
        let node = PlanNode(kind: .stage(stage.name), needs: needs(of: stage), summary: StageSummary(stage).text)
        return (fetch(of: stage).map { [$0] } ?? []) + [node]
    }

    private func fetch(of stage: Stage) -> PlanNode? {
        guard installsPackages(stage) else { return nil }
        let count = lock?.packages[stage.name]?.closure.count
        return PlanNode(kind: .fetch(stage.name), summary: count.map { "\($0) debs" } ?? "not locked yet")
    }

    private func needs(of stage: Stage) -> [PlanNode.ID] {
        var needs = stage.needs.map { PlanNode.id(of: .stage($0)) }
        if installsPackages(stage) { needs.insert(PlanNode.id(of: .fetch(stage.name)), at: 0) }
        if readsCheckout(stage) { needs.append(PlanNode.id(of: .checkout)) }
        return needs
    }

    private func installsPackages(_ stage: Stage) -> Bool {
        if case .debian = stage.root { true } else { stage.installsPackages }
    }

    private func readsCheckout(_ stage: Stage) -> Bool {
        if case .imported(let source) = stage.root, case .commit = source.location { return true }
        if let run = stage.run, run.inputs == nil { return true }
        return (stage.add.map(\.source) + (stage.run?.inputs ?? [])).contains {
            if case .checkout = $0 { true } else { false }
        }
    }

    private var image: PlanNode {
        PlanNode(kind: .image, needs: [PlanNode.id(of: .stage(pipeline.image))], summary: "of \(pipeline.image)")
    }

    private var spec: PlanNode? {
        pipeline.spec.map { source in
            PlanNode(
                kind: .spec, needs: [PlanNode.id(of: .image)] + source.stages.map { PlanNode.id(of: .stage($0)) },
                summary: source.items.map(Self.summary).joined(separator: ", "))
        }
    }

    private static func summary(of item: SpecSource) -> String {
        switch item {
        case .file(let path): path.description
        case .template(let template): template.file.description
        case .inline, .list: "in the pipeline file"
        case .command(let check): "in \(check.stage)"
        }
    }

    /// Nothing is numbered before every stage is done, also those that no other needs: a stage that runs the tests of
    /// the sources leads to no image, and its failure must stop the bake.
    private var generation: PlanNode {
        let needed = Set(pipeline.stages.flatMap(\.needs) + [pipeline.image])
        let others = pipeline.stages.map(\.name).filter { !needed.contains($0) }
        return PlanNode(
            kind: .generation,
            needs: [PlanNode.id(of: spec?.kind ?? .image)] + others.map { PlanNode.id(of: .stage($0)) },
            summary: "of \(pipeline.name)")
    }

    private var promotions: [PlanNode] {
        let automatic = policy.automatic(for: pipeline.name)
        return automatic.map { name in
            var needs = [PlanNode.id(of: .generation)]
            if let after = policy.environment(name)?.after, automatic.contains(after) {
                needs.append(PlanNode.id(of: .promotion(after)))
            }
            return PlanNode(kind: .promotion(name), needs: needs, summary: "\(pipeline.name):\(name)")
        }
    }
}
