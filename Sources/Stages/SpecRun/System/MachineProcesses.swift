import BakeModel
import Glibc
import LinuxSystem

/// The machine itself instead of an image: commands run on it as they are, and its processes are those that run.
struct MachineProcesses: ImageProcesses {
    func run(_ script: String, timeout: Int64, besideService: Bool) throws -> CommandOutcome {
        try openRoot().run(RootProgram(words: ["/bin/sh", "-c", script]), timeout: timeout)
    }

    func openRoot() -> any WritableRoot { MachineRoot() }

    func startService() -> any ImageService { MachineService() }
}

/// The machine's own root. Programs may change it, as they may when they are run without bake.
final class MachineRoot: WritableRoot {
    private static let longestOutput = 16 << 20
    private static let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    func run(_ program: RootProgram, timeout: Int64) throws -> CommandOutcome {
        let start = ContinuousClock.now
        let seconds = Double(timeout) / 1000
        // coreutils' timeout ends everything that the command started, and not only the command.
        let words = ["--signal=KILL", "\(seconds)s", "/usr/bin/env", "--"] + program.words
        let done = try CompletedProcess.run(
            "/usr/bin/timeout", words, environment: program.environment ?? ["PATH=\(Self.path)"], directory: "/",
            outputLimit: Self.longestOutput, deadline: seconds + 5)
        if (ContinuousClock.now - start).milliseconds >= timeout { throw CommandTimeout(milliseconds: timeout) }
        return CommandOutcome(ending: done.ending, output: done.output, errors: done.errors)
    }
}

/// What runs on the machine.
final class MachineService: ImageService {
    var networkDirectory: String { "/proc/self/net" }
    var processDirectory: String { "/proc" }
    var rootDirectory: String { "/" }
    var mountTable: String { "/proc/self/mountinfo" }
    var foreignProcesses: Set<Int32> { [getpid()] }
    var output: String { "" }

    func end(within milliseconds: Int32) -> ServiceEnd? {
        poll(nil, 0, milliseconds)
        return nil
    }

    func stop() {}
}
