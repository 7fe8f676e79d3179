import BakeModel

/// How much of the machine the programs of one sandbox may use, all of them together.
///
/// A control group of their own holds them to it where this process may make one. Elsewhere the kernel's limits of
/// single processes stand in, which are weaker: memory is then address space, for each process by itself, and processes
/// are counted for each user, but never for root's own user 0.
public struct SandboxLimits: Hashable, Sendable {
    /// Bytes of memory, without any swap; nil for no limit.
    public var memory: UInt64?
    /// Processes and threads at once.
    public var processes: Int
    /// Seconds after which everything in there is killed.
    public var seconds: Double

    /// Describes limits. The defaults protect the machine from runaway programs and are in no honest one's way.
    public init(memory: UInt64? = nil, processes: Int = 4096, seconds: Double = 3600) {
        self.memory = memory
        self.processes = processes
        self.seconds = seconds
    }

    /// What a stage asks for, with the defaults for the rest.
    public init(_ limits: StageLimits) {
        self.init()
        memory = limits.memory
        processes = limits.processes ?? processes
        seconds = limits.seconds.map(Double.init) ?? seconds
    }
}

/// A limit that a program ran into.
public enum ExceededLimit: String, Hashable, Sendable {
    /// The kernel killed a process because there was no memory left for it.
    case memory
    /// A process could not be started because there were too many.
    case processes
    /// The time was over.
    case time
    /// The file system that takes its changes, the store's, was full.
    case space
}

extension SandboxLimits {
    /// What happened, with the limit as people write it: "used more than 2 GiB of memory".
    public func explanation(of exceeded: ExceededLimit) -> String {
        switch exceeded {
        case .memory: "it used more than \(Self.size(memory ?? 0)) of memory"
        case .processes: "it ran into the limit of \(processes) processes at once"
        case .space: "there was no space left on the file system of the store"
        case .time: "it took longer than \(Self.duration(seconds))"
        }
    }

    private static func size(_ bytes: UInt64) -> String {
        for (shift, unit) in [(30, "GiB"), (20, "MiB"), (10, "KiB")]
        where bytes >> shift > 0 && bytes % (1 << shift) == 0 {
            return "\(bytes >> shift) \(unit)"
        }
        return "\(bytes) bytes"
    }

    private static func duration(_ seconds: Double) -> String {
        guard let whole = Int(exactly: seconds) else { return "\(seconds) s" }
        for (unit, name) in [(3600, "h"), (60, "min")] where whole > 0 && whole % unit == 0 {
            return "\(whole / unit) \(name)"
        }
        return "\(whole) s"
    }
}
