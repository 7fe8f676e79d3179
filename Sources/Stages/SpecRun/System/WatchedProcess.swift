import Glibc
import LinuxSystem

/// A process whose last lines are kept, and whose end is waited for on a thread of its own.
final class WatchedProcess: Sendable {
    private let tail: OutputTail
    private let waiter: Worker<ChildProcess.Ending>
    /// At its end when the process is.
    private let ended: Descriptor

    /// - Parameters:
    ///   - output: what it writes is read from here; nobody else holds the other end.
    ///   - wait: waits for its end.
    init(saying output: Descriptor, _ wait: @escaping @Sendable () throws -> ChildProcess.Ending) throws {
        let (ended, endedWrite) = try Descriptor.pipe()
        self.ended = ended
        tail = OutputTail(of: output)
        waiter = Worker {
            let ending = try wait()
            try? endedWrite.write([0])
            return ending
        }
    }

    /// The last lines that it wrote so far.
    var output: String { tail.linesSoFar }

    /// Waits at most so many milliseconds for its end; nil where it still runs.
    func ending(within milliseconds: Int32) throws -> ChildProcess.Ending? {
        var wait = pollfd(fd: ended.number, events: Int16(POLLIN), revents: 0)
        return poll(&wait, 1, milliseconds) == 1 ? try waiter.result() : nil
    }

    /// Waits for its end.
    func awaitEnd() { _ = try? waiter.result() }

    /// The last lines, once everything that has its output is gone.
    func lastLines() throws -> String { try tail.lastLines() }
}
