import BakeModel
import GitRepository
import LayerBuild
import LinuxSystem
import RootFilesystem
import Signing
import TarArchive

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
    /// Whether the image gets no number.
    public let isDraft: Bool
    /// Whether the bake is to end without a record.
    public let isCancelled: @Sendable () -> Bool
    /// What commands may read, by name. None of it is recorded.
    public let secrets: [String: SandboxSecret]
    /// What of this machine and program made it.
    public let builder: [String: String]
    /// The nodes that run although their results are kept.
    public var fresh: Set<PlanNode.ID> = []
    /// Whether the root of a command that fails is kept until the pipeline's next bake.
    public var keepsFailed = false
    /// Whether every stage is built twice, also what is kept, and fails where the two differ.
    public var buildsTwice = false
    /// What signs; nil where statements stay unsigned.
    public var key: SigningKey?
    /// How a repository is reached that keeps the store's checkpoints.
    public var fetchOptions = FetchOptions()

    /// Describes a bake.
    public init(
        architecture: String, machine: DebianMachine, imports: ImportAccess, actor: Actor,
        clock: @escaping @Sendable () -> Timestamp, ticks: @escaping @Sendable () -> Int64, jobs: Int, isDraft: Bool,
        isCancelled: @escaping @Sendable () -> Bool, secrets: [String: SandboxSecret], builder: [String: String]
    ) {
        self.architecture = architecture
        self.machine = machine
        self.imports = imports
        self.actor = actor
        self.clock = clock
        self.ticks = ticks
        self.jobs = jobs
        self.isDraft = isDraft
        self.isCancelled = isCancelled
        self.secrets = secrets
        self.builder = builder
    }

    /// What makes a pipeline's images: recorded with a generation.
    func builder(of pipeline: Pipeline) -> [String: String] {
        builder.merging(["encoder": pipeline.compression.encoder.description]) { $1 }
    }
}

/// What happens during a bake, for those who watch it.
public enum BakeEvent: Sendable {
    /// Another bake makes this very node, and this one waits for it.
    case waiting(name: String)
    /// A node is being made: why, and how many milliseconds that took the last time.
    case started(name: String, why: String, expected: Int64?)
    /// A stage began, and a meter shows from now on how far it is.
    case measured(stage: StageName, by: ByteMeter)
    /// A node is settled.
    case settled(BakeOutcome.Node)
    /// A program of a stage printed this line.
    case output(stage: StageName, line: String)
}
