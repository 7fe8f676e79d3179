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
    private let tail: OutputTail
    private let waiter: Worker<ChildProcess.Ending>
    /// At its end when the process is.
    private let ended: Descriptor

    /// Starts it.
    init(_ program: RootProgram, in sandbox: Sandbox, configuration: ImageConfiguration) throws {
        let (output, outputWrite) = try Descriptor.pipe()
        let (ended, endedWrite) = try Descriptor.pipe()
        var first = configuration.program(program)
        first.isFirst = true
        let process = try sandbox.start(first, .log(outputWrite))
        self.process = process
        self.sandbox = sandbox
        self.configuration = configuration
        self.ended = ended
        tail = OutputTail(of: output)
        waiter = Worker {
            let ending = try process.wait()
            try? endedWrite.write([0])
            return ending
        }
    }

    /// A network namespace is a thread's, and so is what `/proc` shows of it.
    var networkDirectory: String { "/proc/thread-self/net" }
    var processDirectory: String { "/proc/\(process.id)/root/proc" }
    var rootDirectory: String { "/proc/\(process.id)/root" }
    var mountTable: String { "/proc/\(process.id)/mountinfo" }
    var foreignProcesses: Set<Int32> { [] }

    var output: String { tail.linesSoFar }

    func end(within milliseconds: Int32) throws -> ServiceEnd? {
        var wait = pollfd(fd: ended.number, events: Int16(POLLIN), revents: 0)
        guard poll(&wait, 1, milliseconds) == 1 else { return nil }
        return ServiceEnd(ending: try waiter.result(), lastLines: try tail.lastLines())
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
        // What it leaves behind is the image's, and ends with the image's process.
        try CommandOutcome.ofGroup(timeout: timeout, endsGroup: false) { output, errors in
            let streams = Sandbox.Streams(input: try .open("/dev/null", O_RDONLY), output: output, errors: errors)
            return try sandbox.start(configuration.program(program), streams, beside: process)
        }
    }

    /// In what it left.
    private func runAfterwards(_ program: RootProgram, timeout: Int64) throws -> CommandOutcome {
        try SandboxedRoot(sandbox, configuration: configuration).run(program, timeout: timeout)
    }

    /// How long the kernel may take to end a sandbox, in milliseconds.
    private static let endTime: Int32 = 500

    func stop() {
        process.kill()
        _ = try? waiter.result()
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
