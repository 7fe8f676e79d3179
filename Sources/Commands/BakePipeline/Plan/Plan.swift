import BakeModel
import StageEngine

/// Everything that baking a pipeline will do, as a value: nodes in an order in which each stands behind what it needs,
/// otherwise that of the file. Running it is elsewhere.
public struct Plan: Hashable, Sendable {
    /// The pipeline that is baked.
    public let pipeline: PipelineName
    /// The nodes, what is needed first.
    public let nodes: [PlanNode]

    /// Plans a bake: checkout, what the lock fetches, every stage, image, spec, generation, automatic promotions.
    ///
    /// A draft has no number, so its plan ends with the spec. Without a lock the number of packages is unknown.
    public init(_ pipeline: Pipeline, lock: Lock? = nil, policy: Policy = .empty, isDraft: Bool = false) {
        self.init(
            pipeline: pipeline.name,
            nodes: PlanBuilder(pipeline: pipeline, lock: lock, policy: policy, isDraft: isDraft).nodes)
    }

    init(pipeline: PipelineName, nodes: [PlanNode]) {
        self.pipeline = pipeline
        self.nodes = Self.ordered(nodes)
    }

    /// The node of that id; nil where there is none.
    public func node(_ id: PlanNode.ID) -> PlanNode? { nodes.first { $0.id == id } }

    /// The stages, what is needed first.
    var stages: [StageName] { nodes.compactMap { if case .stage(let name) = $0.kind { name } else { nil } } }

    /// The same plan with what its runner knows of each node; nodes that it knows nothing of keep what they have.
    public func with(_ states: [PlanNode.ID: PlanNode.State]) -> Plan {
        Plan(pipeline: pipeline, nodes: nodes.map { $0.with(states[$0.id] ?? $0.state) })
    }

    /// Of the nodes that can go next always the first. A checked pipeline has no cycle; were there one, its nodes would
    /// stay in the file's order.
    private static func ordered(_ nodes: [PlanNode]) -> [PlanNode] {
        let places = Dictionary(nodes.enumerated().map { ($1.id, $0) }) { first, _ in first }
        let needs = nodes.map { $0.needs.compactMap { places[$0] } }
        let order = TopologicalOrder.of(needs: needs)
        return order.count == nodes.count ? order.map { nodes[$0] } : nodes
    }
}
