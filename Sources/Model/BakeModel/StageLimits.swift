/// How much of the machine the command of a stage may use: `limits:`. They decide whether a command ends well, never
/// what it makes, so they are no part of a stage's key.
public struct StageLimits: Hashable, Sendable {
    /// Bytes of memory for all its processes together; nil where nothing limits them.
    public let memory: UInt64?
    /// How many processes and threads there may be at once; nil for the default.
    public let processes: Int?
    /// Seconds after which it is ended; nil for the default.
    public let seconds: Int?

    /// Describes limits; without any, the defaults.
    public init(memory: UInt64? = nil, processes: Int? = nil, seconds: Int? = nil) {
        self.memory = memory
        self.processes = processes
        self.seconds = seconds
    }
}
