import BakeModel

/// A plan as JSON for programs: `{"schema":"bake/plan/1","pipeline","nodes":[{"id","kind","title","summary","needs",
/// "stage"?,"environment"?,"state"?,"why"?}]}`, nodes in the plan's order.
public struct PlanDocument {
    /// The value.
    public let json: JSON

    /// Writes a plan.
    public init(_ plan: Plan) {
        json = [
            "schema": "bake/plan/1", "pipeline": .string(plan.pipeline.text),
            "nodes": .array(plan.nodes.map(Self.node)),
        ]
    }

    private static func node(_ node: PlanNode) -> JSON {
        let (stage, environment) = subject(of: node.kind)
        let (state, why) = state(node.state)
        return .record([
            "id": .string(node.id), "kind": .string(kind(node.kind)), "title": .string(node.title),
            "summary": .string(node.summary), "needs": .array(node.needs.map(JSON.string)), "stage": stage,
            "environment": environment, "state": state, "why": why,
        ])
    }

    private static func kind(_ kind: PlanNode.Kind) -> String {
        switch kind {
        case .checkout: "checkout"
        case .fetch: "fetch"
        case .stage: "stage"
        case .image: "image"
        case .spec: "spec"
        case .generation: "generation"
        case .promotion: "promotion"
        }
    }

    private static func subject(of kind: PlanNode.Kind) -> (stage: JSON?, environment: JSON?) {
        switch kind {
        case .fetch(let stage), .stage(let stage): (.string(stage.text), nil)
        case .promotion(let environment): (nil, .string(environment.text))
        case .checkout, .image, .spec, .generation: (nil, nil)
        }
    }

    private static func state(_ state: PlanNode.State?) -> (state: JSON?, why: JSON?) {
        switch state {
        case nil: (nil, nil)
        case .cached: ("cached", nil)
        case .runs(let why): ("run", why.map(JSON.string))
        }
    }
}
