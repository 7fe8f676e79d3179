import BakeModel
import Glibc
import LinuxSystem
import Synchronization

/// Standard output: the only place that writes to it, which knows at the end whether everything arrived.
///
/// Every write goes to the kernel at once, so that nothing is left to be flushed. After one that failed nothing more is
/// written: what arrives is the beginning of the result, without a gap.
final class StandardOutput: Sendable {
    /// The one of this process.
    static let shared = StandardOutput()
    private let stream = Descriptor(owning: 1)
    private let failure = Mutex<SystemError?>(nil)

    /// Puts what can be neither read nor written where the caller closed a standard stream: the next file to be opened, the
    /// ledger even, would take its number otherwise, and with it what is printed.
    static func occupyClosedStreams() {
        for number in Int32(0)...2 where fcntl(number, F_GETFD) == -1 && errno == EBADF {
            _ = open("/dev/null", number == 0 ? O_WRONLY : O_RDONLY)
        }
    }

    /// Writes all bytes, where none was lost before.
    func write(_ bytes: some Collection<UInt8>) {
        failure.withLock { failure in
            guard failure == nil else { return }
            do throws(SystemError) { try stream.write(bytes) } catch { failure = error }
        }
    }

    /// Whether what is written from now on would be lost.
    var isLost: Bool { failure.withLock { $0 != nil } }

    /// Ends the stream.
    /// - Returns: why not everything arrived; nil where it did, and where nobody reads the pipe any more, which is the
    ///   reader's wish.
    func finish() -> LostOutput? {
        failure.withLock { failure in
            // A file system elsewhere may tell only now that it is full.
            if failure == nil, close(1) != 0 { failure = SystemError("close", "standard output") }
            return failure.flatMap { $0.number == EPIPE ? nil : LostOutput(number: $0.number) }
        }
    }
}

/// What was printed did not arrive.
struct LostOutput: ExplainedError, Hashable {
    /// The error number, as `errno` has it.
    let number: Int32

    var doing: String { "write" }
    var subject: String { "standard output" }
    var reason: String {
        let why = number == EBADF ? "it is closed" : String(cString: strerror(number))
        return "\(why); what the command printed is lost, what it did stands"
    }
}
