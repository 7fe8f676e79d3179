import BakeModel
import Glibc
import LinuxSystem
import RootFilesystem

/// Where a suite's commands run, all in one root: beside the image's process while that is there, and else beside what they
/// themselves left running, in what the process left.
final class ServerspecRoom {
    private let sandbox: Sandbox
    private let configuration: ImageConfiguration
    /// The image's process, which is process 1; nil where the image has none.
    private let service: Result<SandboxService, any Error>?
    private var keeper: Keeper?
    private let settling: Settling?
    private let patience: SpecPatience
    private let begin = ContinuousClock.now
    private var isSettled = false
    /// Whether something was found that is there no more when the process has ended.
    private var needsTheProcess = false

    /// How long a command may run, in milliseconds.
    private static let timeout: Int64 = 600_000
    /// How long the image's process is looked at after the last command, in milliseconds.
    private static let lastLook: Int32 = 200

    /// Starts the image's process.
    init(_ processes: SandboxProcesses, patience: SpecPatience = .standard) throws {
        let sandbox = try processes.sharedSandbox()
        let configuration = processes.configuration
        let words = configuration.processArguments
        self.sandbox = sandbox
        self.configuration = configuration
        self.patience = patience
        settling = Settling(for: [], ports: configuration.ports)
        service =
            words.isEmpty
            ? nil
            : Result { try SandboxService(RootProgram(words: words), in: sandbox, configuration: configuration) }
    }

    /// Runs a command of root's.
    func run(_ script: String) throws -> CommandOutcome {
        try settle()
        let program = program(script)
        if let running = try? service?.get(), try running.end(within: 0) == nil {
            return try running.run(program, timeout: Self.timeout)
        }
        return try sandbox.run(configuration.program(program), beside: try kept(), timeout: Self.timeout)
    }

    private func program(_ script: String) -> RootProgram {
        RootProgram(words: [ServerspecSession.shell, "-c", script], user: "0")
    }

    /// What runs or listens was seen: it must be there in the end, too.
    func sawTheProcess() { needsTheProcess = true }

    /// Waits until the image's process has begun its work, or has ended: what is asked before is found by chance.
    private func settle() throws {
        guard !isSettled, let service = try? service?.get() else { return }
        isSettled = true
        while true {
            let elapsed = (ContinuousClock.now - begin).milliseconds
            if settling?.isComplete(after: elapsed, service) != false || elapsed > patience.deadline { return }
            if try service.end(within: Int32(clamping: patience.pause)) != nil { return }
        }
    }

    private func kept() throws -> SandboxProcess {
        if let keeper { return keeper.process }
        let made = try Keeper(configuration.program(program("read line")), in: sandbox)
        keeper = made
        return made.process
    }

    /// What became of the image's process, which ends here, with the last lines that it wrote.
    func verdict() throws -> Verdict {
        try settle()
        guard let service else { return Verdict(checks: []) }
        let started: SandboxService
        do { started = try service.get() } catch {
            return Verdict(checks: [.start(.error(ResourceCheck.text(of: error)))])
        }
        let outcome = try outcome(of: started)
        started.stop()
        let lines = try started.end(within: 0)?.lastLines ?? started.output
        return Verdict(checks: [.start(outcome)], output: lines.isEmpty ? nil : lines)
    }

    private func outcome(of started: SandboxService) throws -> Verdict.Outcome {
        let ending = try started.end(within: Self.lastLook)?.ending
        let outcome = Verdict.Outcome.started(endedWith: ending)
        if outcome.isFailure { return outcome }
        if let ending, !configuration.ports.isEmpty || needsTheProcess {
            let reason = needsTheProcess ? "as what was found running needs" : "since the image declares ports"
            return .failed(expected: "it runs, \(reason)", found: "it has ended with \(ending.explanation)")
        }
        return settling?.failure(after: begin, patience, started) ?? outcome
    }
}

/// A sandbox for what commands leave running; it ends with this object.
private final class Keeper {
    let process: SandboxProcess
    /// The other end of its input, of which it waits for the end.
    private let input: Descriptor

    init(_ program: SandboxProgram, in sandbox: Sandbox) throws {
        let (read, write) = try Descriptor.pipe()
        let null = try Descriptor.open("/dev/null", O_RDWR)
        input = write
        process = try sandbox.start(program, Sandbox.Streams(input: read, output: null, errors: null))
    }

    deinit {
        process.kill()
        _ = try? process.wait()
    }
}
