import BakeModel
import Glibc
import LinuxSystem

/// Where programs run, each with the image's environment, user and working directory.
protocol ProgramRunner {
    /// Runs a program to its end.
    /// - Parameter timeout: milliseconds.
    /// - Throws: `CommandTimeout`, or why it could not be started.
    func run(_ program: RootProgram, timeout: Int64) throws -> CommandOutcome
}

/// What can start programs of an image. What one changes in the root file system is not seen by others.
protocol ImageProcesses: ProgramRunner, Sendable {
    /// A root of its own for several programs, each of which sees what the ones before it changed.
    func openRoot() throws -> any WritableRoot
    /// Starts the image's own process.
    func startService() throws -> any ImageService
}

/// A root in which programs run one after another; what they changed is gone when nobody holds it any more.
protocol WritableRoot: AnyObject {
    /// Runs a program to its end.
    /// - Parameter timeout: milliseconds.
    /// - Throws: `CommandTimeout`, or why it could not be started.
    func run(_ program: RootProgram, timeout: Int64) throws -> CommandOutcome
}

/// A program of an image.
struct RootProgram: Hashable, Sendable {
    /// The program and its arguments.
    let words: [String]
    /// `NAME=value`; the image's own where nil.
    var environment: [String]?
    /// As whom; the image's own user where nil.
    var user: String?
    /// Whether a terminal that nobody sits at is its streams: what it says is its output then, errors too.
    var hasTerminal = false

    /// A script for the image's shell.
    static func shell(_ script: String) -> RootProgram { RootProgram(words: ["sh", "-c", script]) }
}

/// What a command said and how it ended.
struct CommandOutcome: Hashable {
    let ending: ChildProcess.Ending
    let output: [UInt8]
    let errors: [UInt8]

    /// The most that a program may say on either stream, in bytes.
    static let longestOutput = 16 << 20

    /// Runs a program that leads a process group until it ends.
    /// - Parameters:
    ///   - timeout: milliseconds.
    ///   - endsGroup: whether what it left in the group ends with it.
    ///   - start: starts it with these for its output and errors.
    static func ofGroup(
        timeout: Int64, endsGroup: Bool = true,
        _ start: (_ output: Descriptor, _ errors: Descriptor) throws -> ChildProcess
    ) throws -> CommandOutcome {
        do {
            let (done, timedOut) = try GroupedProcess.run(
                outputLimit: longestOutput, milliseconds: timeout, endsGroup: endsGroup, start)
            let outcome = CommandOutcome(ending: done.ending, output: done.output, errors: done.errors)
            if timedOut { throw CommandTimeout(milliseconds: timeout, outcome) }
            return outcome
        } catch let error as SystemError where error.number == EFBIG {
            throw StateError.tooLongOutput
        }
    }
}

extension StateError {
    /// A command said more than anybody reads.
    static let tooLongOutput = StateError(
        subject: "the command's output", reason: "it is longer than \(CommandOutcome.longestOutput) bytes")
}

/// A command that did not end in time.
struct CommandTimeout: ExplainedError, Hashable {
    let milliseconds: Int64
    private let outcome: CommandOutcome

    /// - Parameter outcome: what it had said until then.
    init(milliseconds: Int64, _ outcome: CommandOutcome) {
        self.milliseconds = milliseconds
        self.outcome = outcome
    }

    var doing: String { "run" }
    var subject: String { "the command" }
    var reason: String { "it did not end within \(milliseconds) ms; it wrote \(said)" }

    /// The last of both streams: which of them tells why nobody knows.
    private var said: String {
        let streams = [("standard error", outcome.errors), ("standard output", outcome.output)]
        let parts = streams.filter { !$1.isEmpty }.map { name, bytes in
            let lines = CommandOutcome.lastLines(bytes).joined(separator: "\n")
            return "\(Shown.text(lines.utf8.suffix(Shown.longest))) to \(name)"
        }
        return parts.isEmpty ? "nothing" : "last: " + parts.joined(separator: ", ")
    }
}

extension CommandOutcome {
    private static let mostLines = 5
    private static let longest = 1000

    /// The last lines of a stream, which mostly tell why.
    static func lastLines(_ stream: [UInt8]) -> ArraySlice<Substring> {
        String(decoding: stream.suffix(longest), as: UTF8.self).split(separator: "\n").suffix(mostLines)
    }
}

/// The image's own process, running in a network and a pid namespace of the image. Programs run beside it: in its root, among
/// its processes and on its network; once it has ended, in what it left.
protocol ImageService: AnyObject, ProgramRunner {
    /// The sockets of its network namespace: /proc/PID/net of a process in it.
    var networkDirectory: String { get }
    /// A /proc that shows the processes of the image.
    var processDirectory: String { get }
    /// The root of its mount namespace, as this process sees it.
    var rootDirectory: String { get }
    /// The table of its mounts, /proc/PID/mountinfo of a process in there.
    var mountTable: String { get }
    /// Numbers there that are bake's and not the image's.
    var foreignProcesses: Set<Int32> { get }
    /// The last lines that it wrote so far.
    var output: String { get }
    /// Waits at most so many milliseconds for its end; nil where it still runs.
    func end(within milliseconds: Int32) throws -> ServiceEnd?
    /// Ends it, with everything it started.
    func stop()
}

/// How the image's own process ended.
struct ServiceEnd: Hashable {
    let ending: ChildProcess.Ending
    /// The last lines that it wrote, of both streams.
    let lastLines: String
}
