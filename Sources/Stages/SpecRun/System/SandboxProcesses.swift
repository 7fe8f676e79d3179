import BakeModel
import Glibc
import LinuxSystem
import RootFilesystem

/// Programs of an image in sandboxes. Each has a root of its own over the image's layers, so no check sees what another
/// one changed, and their order is no matter.
struct SandboxProcesses: ImageProcesses {
    let layers: LayerCache.Hold
    let configuration: ImageConfiguration
    /// A directory for changes, on the file system of the layers.
    let temporary: String
    /// The most that a command may say on either stream, in bytes.
    private static let longestOutput = 16 << 20

    func run(_ script: String, timeout: Int64) throws -> CommandOutcome {
        let sandbox = try Sandbox(try OverlayRoot(layers, for: .sandbox, temporary: temporary))
        // Its root is removed with it, and the command may write there until it ends.
        defer { withExtendedLifetime(sandbox) {} }
        let (process, output, errors) = try start(program(["sh", "-c", script]), in: sandbox)
        let readers = [output, errors].map { stream in
            Worker { try Self.read(stream) { process.kill() } }
        }
        let (ending, timedOut) = try process.wait(atMost: Double(timeout) / 1000)
        let said = try readers.map { try $0.result() }
        if timedOut { throw CommandTimeout(milliseconds: timeout) }
        return CommandOutcome(ending: ending, output: said[0], errors: said[1])
    }

    func startService() throws -> any ImageService {
        let arguments = configuration.processArguments
        guard !arguments.isEmpty else { throw NoProcess() }
        let sandbox = try Sandbox(try OverlayRoot(layers, for: .sandbox, temporary: temporary), network: .shared)
        let (read, write) = try Descriptor.pipe()
        let process = try sandbox.start(program(arguments), .log(write))
        return try SandboxService(process, in: sandbox, output: read)
    }

    /// Reads a stream to its end; where it is too long nobody reads on, so the command is ended and does not wait for it.
    private static func read(_ stream: Descriptor, orElse end: () -> Void) throws -> [UInt8] {
        let bytes = Result { try stream.readAll(limit: longestOutput) }
        if case .failure(let error) = bytes {
            end()
            if (error as? SystemError)?.number == EFBIG {
                throw StateError(subject: "the command's output", reason: "it is longer than \(longestOutput) bytes")
            }
        }
        return try bytes.get()
    }

    private func program(_ arguments: [String]) -> SandboxProgram {
        SandboxProgram(
            arguments, environment: configuration.environment,
            workingDirectory: configuration.workingDirectory ?? "/", user: configuration.user)
    }

    /// The write ends of the streams are closed here when this returns: else their end would never come.
    private func start(
        _ program: SandboxProgram, in sandbox: Sandbox
    ) throws -> (SandboxProcess, output: Descriptor, errors: Descriptor) {
        let (output, outputWrite) = try Descriptor.pipe()
        let (errors, errorsWrite) = try Descriptor.pipe()
        let input = try Descriptor.open("/dev/null", O_RDONLY)
        let streams = Sandbox.Streams(input: input, output: outputWrite, errors: errorsWrite)
        return (try sandbox.start(program, streams), output, errors)
    }
}

/// An image that says of no program that it is to be started.
struct NoProcess: ExplainedError, Hashable {
    var doing: String { "start" }
    var subject: String { "the image's own process" }
    var reason: String { "the image has neither cmd nor entrypoint" }
    var hint: String? { "name the program in the stage: config: { cmd: [...] }" }
}
