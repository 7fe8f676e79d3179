import BakeModel
import Glibc
import LinuxSystem
import RootFilesystem

/// A root over an image's layers, in which programs run one after another.
final class SandboxedRoot: WritableRoot {
    /// Kept, because its root is removed with it, and programs may write there until they end.
    private let sandbox: Sandbox
    private let configuration: ImageConfiguration

    init(_ sandbox: Sandbox, configuration: ImageConfiguration) {
        self.sandbox = sandbox
        self.configuration = configuration
    }

    func run(_ program: RootProgram, timeout: Int64) throws -> CommandOutcome {
        let (process, streams) = try start(program)
        let readers = streams.map { stream in Worker { try Self.read(stream) { process.kill() } } }
        let (ending, timedOut) = try process.wait(atMost: Double(timeout) / 1000)
        let said = try readers.map { try $0.result() }
        let outcome = CommandOutcome(ending: ending, output: said[0], errors: said.count > 1 ? said[1] : [])
        if timedOut { throw CommandTimeout(milliseconds: timeout, outcome) }
        return outcome
    }

    /// Reads a stream to its end; where it is too long nobody reads on, so the command is ended and does not wait for it.
    private static func read(_ stream: Descriptor, orElse end: () -> Void) throws -> [UInt8] {
        let bytes = Result { try stream.readAll(limit: CommandOutcome.longestOutput) }
        if case .failure(let error) = bytes {
            end()
            if (error as? SystemError)?.number == EFBIG { throw StateError.tooLongOutput }
        }
        return try bytes.get()
    }

    /// Starts a program: its output, and its errors where they are another stream.
    private func start(_ program: RootProgram) throws -> (SandboxProcess, streams: [Descriptor]) {
        let made = configuration.program(program)
        guard program.hasTerminal else { return try start(made) }
        let (process, output) = try sandbox.startAtTerminal(made)
        return (process, [output])
    }

    /// The write ends of the streams are closed here when this returns: else their end would never come.
    private func start(_ program: SandboxProgram) throws -> (SandboxProcess, streams: [Descriptor]) {
        let (output, outputWrite) = try Descriptor.pipe()
        let (errors, errorsWrite) = try Descriptor.pipe()
        let input = try Descriptor.open("/dev/null", O_RDONLY)
        let streams = Sandbox.Streams(input: input, output: outputWrite, errors: errorsWrite)
        return (try sandbox.start(program, streams), [output, errors])
    }
}

extension ImageConfiguration {
    /// A program as the image's own are started, but for what it says otherwise.
    func program(_ program: RootProgram) -> SandboxProgram {
        var made = SandboxProgram(
            program.words, environment: program.environment ?? environment,
            workingDirectory: workingDirectory ?? "/", user: program.user ?? user)
        (made.isBuilding, made.makesDirectory) = (false, true)
        return made
    }
}
