import BakeModel
import Glibc
import LinuxSystem
import RootFilesystem

/// The image's own process in a sandbox that shares this helper's network namespace.
final class SandboxService: ImageService {
    /// Kept, because its root is removed with it.
    private let sandbox: Sandbox
    private let configuration: ImageConfiguration
    private let process: SandboxProcess
    private let watched: WatchedProcess

    /// Starts it.
    init(_ program: RootProgram, in sandbox: Sandbox, configuration: ImageConfiguration) throws {
        let (output, outputWrite) = try Descriptor.pipe()
        var first = configuration.program(program)
        first.isFirst = true
        let process = try sandbox.start(first, .log(outputWrite))
        self.process = process
        self.sandbox = sandbox
        self.configuration = configuration
        watched = try WatchedProcess(saying: output) { try process.wait() }
    }

    /// A network namespace is a thread's, and so is what `/proc` shows of it.
    var networkDirectory: String { "/proc/thread-self/net" }
    var processDirectory: String { "/proc/\(process.id)/root/proc" }
    var rootDirectory: String { "/proc/\(process.id)/root" }
    var mountTable: String { "/proc/\(process.id)/mountinfo" }
    var foreignProcesses: Set<Int32> { [] }

    var output: String { watched.output }

    func end(within milliseconds: Int32) throws -> ServiceEnd? {
        try watched.ending(within: milliseconds).map { ServiceEnd(ending: $0, lastLines: try watched.lastLines()) }
    }

    func run(_ program: RootProgram, timeout: Int64) throws -> CommandOutcome {
        if try end(within: 0) != nil { return try runAfterwards(program, timeout: timeout) }
        let outcome: CommandOutcome
        do {
            outcome = try runBeside(program, timeout: timeout)
        } catch let error as NamespaceError {
            // It may have ended in between.
            guard try end(within: Self.endTime) != nil else { throw error }
            return try runAfterwards(program, timeout: timeout)
        }
        // Its end is a kill for all beside it, and known only when those are gone.
        if outcome.ending == .signalled(SIGKILL), let end = try end(within: Self.endTime) {
            throw CutOff(by: end.ending)
        }
        return outcome
    }

    private func runBeside(_ program: RootProgram, timeout: Int64) throws -> CommandOutcome {
        try sandbox.run(configuration.program(program), beside: process, timeout: timeout)
    }

    /// In what it left.
    private func runAfterwards(_ program: RootProgram, timeout: Int64) throws -> CommandOutcome {
        try SandboxedRoot(sandbox, configuration: configuration).run(program, timeout: timeout)
    }

    /// How long the kernel may take to end a sandbox, in milliseconds.
    private static let endTime: Int32 = 500

    func stop() {
        process.kill()
        watched.awaitEnd()
    }
}

extension Sandbox {
    /// Runs a program beside another one to its end. What it leaves behind ends with the other one.
    /// - Parameter timeout: milliseconds.
    func run(_ program: SandboxProgram, beside process: SandboxProcess, timeout: Int64) throws -> CommandOutcome {
        try CommandOutcome.ofGroup(timeout: timeout, endsGroup: false) { output, errors in
            let streams = Sandbox.Streams(input: try .open("/dev/null", O_RDONLY), output: output, errors: errors)
            return try start(program, streams, beside: process)
        }
    }
}

/// A command that did not come to its end.
struct CutOff: ExplainedError, Hashable {
    /// How the image's own process ended.
    let ending: ChildProcess.Ending

    init(by ending: ChildProcess.Ending) { self.ending = ending }

    var doing: String { "run" }
    var subject: String { "the command" }
    var reason: String {
        "the image's process, beside which it ran, ended with \(ending.explanation), and everything there with it"
    }
}
