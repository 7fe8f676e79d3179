import BakeModel
import Glibc
import LinuxSystem

/// The machine itself instead of an image: commands run on it as they are, and its processes are those that run.
struct MachineProcesses: ImageProcesses {
    /// What commands find in their environment, `NAME=value`: that of whoever tests, as without bake.
    let environment: [String]
    /// Whether this process has no other children, so that all that a command leaves behind can be ended after it.
    var endsStrays = false

    func run(_ program: RootProgram, timeout: Int64) throws -> CommandOutcome {
        try openRoot().run(program, timeout: timeout)
    }

    func openRoot() -> any WritableRoot { MachineRoot(environment, endsStrays: endsStrays) }

    func startService() -> any ImageService { MachineService(processes: self) }
}

/// The machine's own root. Programs may change it, as they may when they are run without bake.
final class MachineRoot: WritableRoot {
    private static let path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    private let environment: [String]
    private let endsStrays: Bool

    init(_ environment: [String], endsStrays: Bool = false) {
        self.endsStrays = endsStrays
        self.environment = environment.contains { $0.hasPrefix("PATH=") } ? environment : environment + [Self.path]
    }

    func run(_ program: RootProgram, timeout: Int64) throws -> CommandOutcome {
        // A session of its own is no part of the command's group.
        defer { if endsStrays { StrayProcesses.end() } }
        // Should this process be killed, coreutils' timeout hears of it and ends the whole group.
        let guardian = ["--pdeathsig", "TERM", "/usr/bin/timeout", "--kill-after=1", "--signal=KILL", "0"]
        return try CommandOutcome.ofGroup(timeout: timeout) { output, errors in
            try ChildProcess.start(
                "/usr/bin/setpriv", guardian + ["/usr/bin/env", "--"] + program.words,
                environment: program.environment ?? environment, descriptors: [1: output, 2: errors], directory: "/",
                leadsGroup: true)
        }
    }
}

/// What runs on the machine.
final class MachineService: ImageService {
    private let processes: MachineProcesses

    init(processes: MachineProcesses) { self.processes = processes }

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

    func run(_ program: RootProgram, timeout: Int64) throws -> CommandOutcome {
        try processes.run(program, timeout: timeout)
    }

    func stop() {}
}
