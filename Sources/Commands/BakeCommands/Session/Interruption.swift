import BakeModel
import Glibc
import LinuxSystem
import Synchronization

/// Ctrl-C and an aborted job (SIGINT, SIGTERM, SIGHUP).
///
/// Every helper is killed, so that the work unwinds and removes what it had made; what is not unwound after five seconds
/// is left for the next start to sweep, and the kernel ends what is left of the processes.
final class Interruption: Sendable {
    private let state = Mutex(State.none)
    private static let patience = 5_000
    private static let pause = 20

    private enum State { case none, signalled, unwound }

    /// Waits for the signals from now on. Call it before other threads start.
    /// - Parameter end: says what must be said before the process ends without having unwound.
    init(end: @escaping @Sendable () -> Void) {
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        let awaited = signals
        _ = Worker { [self] in
            var signals = awaited
            var number: Int32 = 0
            sigwait(&signals, &number)
            state.withLock { $0 = .signalled }
            for _ in 0..<(Self.patience / Self.pause) {
                guard killUnlessUnwound() else { return }
                usleep(UInt32(Self.pause * 1000))
            }
            end()
            _exit(ExitCode.interrupted.rawValue)
        }
    }

    /// Whether one of the signals came.
    var isSignalled: Bool { state.withLock { $0 != .none } }

    /// Ends the killing, where a signal came: the work has unwound, and what follows needs helpers again.
    func unwound() { state.withLock { if $0 == .signalled { $0 = .unwound } } }

    private func killUnlessUnwound() -> Bool {
        state.withLock { state in
            guard state != .unwound else { return false }
            ChildProcess.killAll()
            return true
        }
    }
}
