/// What a process that called `bake` reads from its exit status.
public enum ExitCode: Int32, Sendable {
    /// Done, or nothing to do.
    case done = 0
    /// A stage, spec or check failed, or a rebake differs.
    case failed = 1
    /// Wrong usage, a bad file, or a dirty tree.
    case usage = 2
    /// Refused by policy.
    case refused = 3
    /// The named thing does not exist.
    case notFound = 4
    /// The store or its chain of entries is damaged.
    case damaged = 5
    /// Somebody else moved the same thing first; trying again is right.
    case lostRace = 6
    /// Ended by a signal.
    case interrupted = 130
}

/// An error that a person can act on: what was being done, to what, why it failed, and what mends it.
///
/// The command line prints `cannot DOING SUBJECT: REASON`, then the hint. Text that came from outside is escaped there.
public protocol ExplainedError: Error {
    /// What was being done, as an infinitive: "read the blob".
    var doing: String { get }
    /// What it was done to: a path, a digest, a name.
    var subject: String { get }
    /// Why it failed, as a clause without a full stop.
    var reason: String { get }
    /// The command or act that mends it, where there is one.
    var hint: String? { get }
    /// What the process tells its caller.
    var exit: ExitCode { get }
}

extension ExplainedError {
    public var hint: String? { nil }
    public var exit: ExitCode { .failed }
}
