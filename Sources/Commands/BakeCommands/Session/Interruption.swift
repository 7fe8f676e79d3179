import BakeModel
import Glibc
import LinuxSystem

/// Ctrl-C and an aborted job (SIGINT, SIGTERM, SIGHUP): the process says so and ends, and the kernel ends every helper
/// with it. What is half-made has no name yet and is swept at the next start.
enum Interruption {
    /// Calls `body` and ends the process with 130 when one of the signals comes. Call it before other threads start.
    static func watch(_ body: @escaping @Sendable () -> Void) throws {
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        let awaited = signals
        _ = Worker {
            var signals = awaited
            var number: Int32 = 0
            sigwait(&signals, &number)
            body()
            _exit(ExitCode.interrupted.rawValue)
        }
    }
}
