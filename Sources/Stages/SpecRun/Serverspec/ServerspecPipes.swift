import LinuxSystem
import Synchronization

/// The three pipes between rspec and the shell in the image. An end that this process kept open would never let the
/// other side come to its end, so each is handed on and forgotten.
final class ServerspecPipes: Sendable {
    private let session: Mutex<[Descriptor]>
    private let rspec: Mutex<[Int32: Descriptor]>

    init() throws(SystemError) {
        let (input, commands) = try Descriptor.pipe()
        let (output, outputWrite) = try Descriptor.pipe()
        let (errors, errorsWrite) = try Descriptor.pipe()
        session = Mutex([input, outputWrite, errorsWrite])
        rspec = Mutex([
            ServerspecBackend.commands: commands, ServerspecBackend.output: output, ServerspecBackend.errors: errors,
        ])
    }

    /// The shell's streams; whoever takes them closes them.
    func takeSessionEnds() -> [Descriptor] {
        session.withLock { ends in
            defer { ends = [] }
            return ends
        }
    }

    /// The descriptors of rspec's process.
    func rspecEnds() -> [Int32: Descriptor] { rspec.withLock { $0 } }

    /// Ends the commands to the shell.
    func closeRspecEnds() { rspec.withLock { $0 = [:] } }
}
