import BakeModel
import BlobStorage
import Glibc
import LinuxSystem
import RootFilesystem

/// The helper process in which a Serverspec suite's shell runs, and the image's process beside it.
public enum ServerspecHelper {
    /// What it is called on the command line.
    public static let name = "serverspec"
    /// The numbers of the shell's input, output and errors, beside the helper's own request and answer.
    static let streams: [Int32] = [5, 6, 7]

    /// Does its request, and ends the process. Only in namespaces that `UserNamespace.launcher(network: .own)` made.
    public static func serve() -> Never {
        umask(0o022)
        HelperService.serve { message in
            guard let request = ServerspecRequest(message) else { throw SpecRequestError() }
            return try request.perform(try taken()).json
        }
    }

    private static func taken() throws -> Sandbox.Streams {
        let taken = try streams.map { number in
            try SystemError.check("take", "descriptor \(number)") { fcntl(number, F_SETFD, FD_CLOEXEC) }
            return Descriptor(owning: number)
        }
        return Sandbox.Streams(input: taken[0], output: taken[1], errors: taken[2])
    }
}

extension ServerspecRequest {
    /// Runs the shell to its end.
    func perform(_ streams: Sandbox.Streams) throws -> Verdict {
        let store = try BlobStore.open(store, workspace: workspace)
        let processes = SandboxProcesses(
            layers: try LayerCache(store: store).hold(image.layers), configuration: image.configuration,
            temporary: store.temporary)
        return try processes.runShell(streams)
    }
}

extension SandboxProcesses {
    /// How long the image's process is looked at after the last command, in milliseconds.
    private static let lastLook: Int32 = 200

    /// Runs root's shell to its end, beside the image's process, whose end ends nothing else.
    fileprivate func runShell(_ streams: Sandbox.Streams) throws -> Verdict {
        let sandbox = try sharedSandbox()
        let (input, open) = try Descriptor.pipe()
        let null = try Descriptor.open("/dev/null", O_RDWR)
        // What the others run beside: it ends with its input.
        let holder = try sandbox.start(
            rootProgram(["-c", "read line"]), Sandbox.Streams(input: input, output: null, errors: null))
        defer {
            withExtendedLifetime(open) {}
            holder.kill()
            _ = try? holder.wait()
        }
        let process = Result { try startProcess(in: sandbox, beside: holder) }
        _ = try sandbox.start(rootProgram([]), streams, beside: holder).wait()
        return try verdict(of: process)
    }

    private func rootProgram(_ arguments: [String]) -> SandboxProgram {
        configuration.program(RootProgram(words: [ServerspecSession.shell] + arguments, user: "0"))
    }

    /// Nil where the image has none.
    private func startProcess(in sandbox: Sandbox, beside holder: SandboxProcess) throws -> WatchedProcess? {
        let words = configuration.processArguments
        guard !words.isEmpty else { return nil }
        let (output, outputWrite) = try Descriptor.pipe()
        let child = try sandbox.start(
            configuration.program(RootProgram(words: words)), .log(outputWrite), beside: holder)
        return try WatchedProcess(saying: output) { try child.wait() }
    }

    private func verdict(of process: Result<WatchedProcess?, any Error>) throws -> Verdict {
        let started: WatchedProcess?
        do { started = try process.get() } catch {
            return Verdict(checks: [.start(.error(ResourceCheck.text(of: error)))])
        }
        guard let started else { return Verdict(checks: []) }
        let ending = try started.ending(within: Self.lastLook)
        let lines = started.output
        // What it left in the background lives on here, and would not in a container, of which it is process 1.
        let outcome =
            ending?.succeeded == true && !configuration.ports.isEmpty
            ? Verdict.Outcome.failed(
                expected: "it runs, since the image declares ports", found: "it has ended with exit status 0")
            : .started(endedWith: ending)
        return Verdict(checks: [.start(outcome)], output: lines.isEmpty ? nil : lines)
    }
}
