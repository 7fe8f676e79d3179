import BakeModel
import LayerBuild

/// What a bake is asked to do, and by whom.
public struct BakeRequest: Sendable {
    /// What the store's blobs are built for, as OCI spells it.
    public let architecture: String
    /// Where Debian's packages come from.
    public let machine: DebianMachine
    /// How images of others are reached.
    public let imports: ImportAccess
    /// Who bakes, when, and why.
    public let actor: Actor
    /// What the machine's clock says, whenever it is asked.
    public let clock: @Sendable () -> Timestamp
    /// Milliseconds that only grow, for durations.
    public let ticks: @Sendable () -> Int64
    /// How many stages run at once, and how many threads compress a layer.
    public let jobs: Int
    /// Seconds after which a stage's command is ended.
    public let deadline: Double
    /// Whether the image gets no number.
    public let isDraft: Bool
    /// Whether the bake is to end without a record.
    public let isCancelled: @Sendable () -> Bool
    /// What made it: recorded with a generation.
    public let builder: [String: String]

    /// Describes a bake.
    public init(
        architecture: String, machine: DebianMachine, imports: ImportAccess, actor: Actor,
        clock: @escaping @Sendable () -> Timestamp,
        ticks: @escaping @Sendable () -> Int64, jobs: Int, deadline: Double, isDraft: Bool,
        isCancelled: @escaping @Sendable () -> Bool, builder: [String: String]
    ) {
        self.architecture = architecture
        self.machine = machine
        self.imports = imports
        self.actor = actor
        self.clock = clock
        self.ticks = ticks
        self.jobs = jobs
        self.deadline = deadline
        self.isDraft = isDraft
        self.isCancelled = isCancelled
        self.builder = builder
    }
}

/// What happens during a bake, for those who watch it.
public enum BakeEvent: Sendable {
    /// A node is being made, and why.
    case started(name: String, why: String)
    /// A node is settled.
    case settled(BakeOutcome.Node)
    /// A program of a stage printed this line.
    case output(stage: StageName, line: String)
}
