import BakeModel

/// A program of this machine that builds a root in a directory, such as mmdebstrap.
///
/// It runs as user 0 of a user namespace, without network, with the system calls of a sandbox and under the host name "bake".
/// Of this machine it sees the programs and what it is given to read, and can change none of it: only its output and TMPDIR,
/// a fresh directory, can be written.
public struct HostBuildRequest: Sendable {
    /// Stands in the arguments for the directory that the program makes; it does not exist before.
    public static let output = "{output}"

    /// The program's path.
    public var program: String
    /// Its arguments; `HostBuildRequest.output` in them is replaced.
    public var arguments: [String]
    /// All of its environment but TMPDIR, `NAME=value`.
    public var environment: [String]
    /// The directories of this machine that it reads, absolute and without links.
    public var reads: [String]
    /// What is changed in the tree afterwards, in order.
    public var edits: [TreeEdit]
    /// Seconds after which it is killed.
    public var deadline: Double

    /// Describes the program.
    public init(
        program: String, arguments: [String], environment: [String], reads: [String] = [], edits: [TreeEdit] = [],
        deadline: Double = 3600
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.reads = reads
        self.edits = edits
        self.deadline = deadline
    }
}

/// A program of this machine that did not build a root.
public struct HostBuildFailure: ExplainedError, Hashable {
    let program: String
    let ending: String

    public var doing: String { "build a root with" }
    public var subject: String { program }
    public var reason: String { ending }
}
