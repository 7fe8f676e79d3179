import BakeModel

/// One piece of work of a plan.
public struct PlanNode: Hashable, Sendable {
    /// Its name in the plan, one of a kind: stages may be called `image` or `spec`, so each kind has its own prefix.
    public typealias ID = String

    /// What it does.
    public let kind: Kind
    /// The nodes that must be done before, without repetition.
    public let needs: [ID]
    /// What it does, for people: `debian bookworm, 2 packages`. Not escaped.
    public let summary: String
    /// Whether it will run, as far as that is known.
    public let state: State?

    /// The kinds of work.
    public enum Kind: Hashable, Sendable {
        /// The commit's files are read.
        case checkout
        /// The packages of a stage are brought into the store.
        case fetch(StageName)
        /// A stage is made.
        case stage(StageName)
        /// The image is made of a stage's layers.
        case image
        /// The image is checked.
        case spec
        /// The image and its verdict get a number.
        case generation
        /// The generation moves to an environment by itself.
        case promotion(EnvironmentName)
    }

    /// Whether a node will run.
    public enum State: Hashable, Sendable {
        /// It will run, and why where that is known.
        case runs(why: String?)
        /// Its result is kept from an earlier bake.
        case cached
    }

    /// Describes a node.
    public init(kind: Kind, needs: [ID] = [], summary: String, state: State? = nil) {
        self.kind = kind
        self.needs = needs
        self.summary = summary
        self.state = state
    }

    /// The name of the node in the plan.
    public var id: ID { Self.id(of: kind) }

    /// The name of the node of a kind.
    public static func id(of kind: Kind) -> ID {
        switch kind {
        case .checkout: "checkout"
        case .fetch(let stage): "fetch/\(stage)"
        case .stage(let stage): "stage/\(stage)"
        case .image: "image"
        case .spec: "spec"
        case .generation: "generation"
        case .promotion(let environment): "promotion/\(environment)"
        }
    }

    /// What a bake calls a node by its id: a stage by its name alone, the others by their ids.
    static func shortName(of id: ID) -> String {
        id.hasPrefix("stage/") ? String(id.dropFirst("stage/".count)) : id
    }

    /// What people call the node: a stage by its name alone.
    public var title: String {
        switch kind {
        case .checkout, .image, .spec, .generation: id
        case .fetch(let stage): "packages of \(stage)"
        case .stage(let stage): stage.text
        case .promotion(let environment): "promote to \(environment)"
        }
    }

    func with(_ state: State?) -> PlanNode {
        PlanNode(kind: kind, needs: needs, summary: summary, state: state)
    }
}
