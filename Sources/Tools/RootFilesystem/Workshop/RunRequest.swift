import BakeModel
import LinuxSystem

/// A command for the sandbox, and what is kept of what it makes.
public struct RunRequest: Sendable {
    /// What is kept.
    public enum Result: Hashable, Sendable {
        /// What changed in the root becomes a layer.
        case changes
        /// These paths below /work become a layer, at the same paths; a missing one is an error.
        case outputs([TreePath])
        /// Nothing.
        case nothing
    }

    /// The root's layers, the lowest first.
    public var layers: [Layer]
    /// What runs. It starts in /work where the program says no other place.
    public var program: SandboxProgram
    /// A tar (plain, gzip or zstd) that is unpacked at /work before; nil leaves /work empty.
    public var inputs: Descriptor?
    /// A directory of this machine that the program sees at `/run/input`, and can only read; nil for none.
    public var directory: String?
    /// Where what changed is the layer: what is taken back of the changes before they are packed, in order. What the layers
    /// below have stays.
    public var edits: [TreeEdit] = []
    /// What is kept.
    public var result: Result
    /// Which network the command has; a layer made with the machine's is not reproducible by itself.
    public var network: UserNamespace.Network
    /// How much of the machine it may use.
    public var limits: SandboxLimits
    /// What it may read and must not tell. Nothing that is kept may hold one: `SecretFault.left`. In what it prints their names
    /// stand for them.
    public var secrets: [SandboxSecret]
    /// The name under which the root is kept where the command fails, in place of what has that name; nil keeps nothing.
    public var failureName: String?

    /// Describes a program.
    public init(
        layers: [Layer], program: SandboxProgram, inputs: Descriptor? = nil, result: Result = .changes,
        network: UserNamespace.Network = .own, limits: SandboxLimits = SandboxLimits(), secrets: [SandboxSecret] = []
    ) {
        self.layers = layers
        self.program = program
        self.inputs = inputs
        self.result = result
        self.network = network
        self.limits = limits
        self.secrets = secrets
    }

    /// Describes a shell script that runs in /work.
    /// - Parameter environment: `NAME=value`, beside what every sandbox has.
    public init(
        layers: [Layer], script: String, environment: [String] = [], inputs: Descriptor? = nil,
        result: Result = .changes, network: UserNamespace.Network = .own, limits: SandboxLimits = SandboxLimits()
    ) {
        self.init(
            layers: layers, program: .shell(script, environment: environment, in: RunStep.directory), inputs: inputs,
            result: result, network: network, limits: limits)
    }
}

/// How a command ended and what it made.
public struct RunOutcome: Hashable, Sendable {
    /// How it ended.
    public let ending: ChildProcess.Ending
    /// The limit that it ran into and failed for; nil where it failed by itself, or not at all.
    public let exceeded: ExceededLimit?
    /// What it made; nil where it failed, or nothing was to be kept. Its blob is in the store.
    public let layer: Layer?
}
