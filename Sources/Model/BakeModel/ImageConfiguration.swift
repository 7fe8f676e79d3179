/// How the programs of an image are started: the part of the OCI image configuration that a pipeline may set.
/// nil leaves what the stage below has.
public struct ImageConfiguration: Hashable, Sendable {
    /// The program and its first arguments.
    public var entrypoint: [String]?
    /// Further arguments, or the program where there is no entry point.
    public var command: [String]?
    /// `NAME=value`, in order; a later name wins over an earlier one and over the stage below.
    public var environment: [String]
    /// Ports that programs listen on, `8080/tcp`.
    public var ports: [String]
    /// `USER[:GROUP]`, by name or number.
    public var user: String?
    /// The working directory.
    public var workingDirectory: String?
    /// Labels.
    public var labels: [String: String]
    /// The signal that asks the program to stop, `SIGTERM`.
    public var stopSignal: String?
    /// Directories for data that outlives the container.
    public var volumes: [String]

    /// Describes a configuration; everything is absent unless given.
    public init(
        entrypoint: [String]? = nil, command: [String]? = nil, environment: [String] = [], ports: [String] = [],
        user: String? = nil, workingDirectory: String? = nil, labels: [String: String] = [:],
        stopSignal: String? = nil, volumes: [String] = []
    ) {
        self.entrypoint = entrypoint
        self.command = command
        self.environment = environment
        self.ports = ports
        self.user = user
        self.workingDirectory = workingDirectory
        self.labels = labels
        self.stopSignal = stopSignal
        self.volumes = volumes
    }

    /// This configuration with another laid over it.
    public func overlaid(by upper: ImageConfiguration) -> ImageConfiguration {
        var merged = self
        // As in Docker: a new entry point makes the old arguments meaningless.
        if upper.entrypoint != nil { merged.command = nil }
        merged.entrypoint = upper.entrypoint ?? entrypoint
        merged.command = upper.command ?? merged.command
        merged.environment = Self.merged(environment, upper.environment)
        merged.ports = ports + upper.ports.filter { !ports.contains($0) }
        merged.user = upper.user ?? user
        merged.workingDirectory = upper.workingDirectory ?? workingDirectory
        merged.labels = labels.merging(upper.labels) { $1 }
        merged.stopSignal = upper.stopSignal ?? stopSignal
        merged.volumes = volumes + upper.volumes.filter { !volumes.contains($0) }
        return merged
    }

    /// The words that start the image's own process: the entry point, then the command.
    public var processArguments: [String] { (entrypoint ?? []) + (command ?? []) }

    private static func merged(_ lower: [String], _ upper: [String]) -> [String] {
        let name: (String) -> Substring = { $0.prefix { $0 != "=" } }
        let replaced = Set(upper.map(name))
        return lower.filter { !replaced.contains(name($0)) } + upper
    }
}
