import LinuxSystem
import Synchronization

/// A watchdog that remembers whether it barked.
final class Deadline {
    private let passed: Flag
    private let watchdog: Watchdog

    private final class Flag: Sendable {
        let value = Mutex(false)
    }

    /// Starts the clock.
    init(seconds: Double, _ action: @escaping @Sendable () -> Void) {
        let flag = Flag()
        passed = flag
        watchdog = Watchdog(seconds: seconds) {
            flag.value.withLock { $0 = true }
            action()
        }
    }

    deinit { watchdog.cancel() }

    /// Whether the time was over.
    var hasPassed: Bool { passed.value.withLock { $0 } }
}
