import LinuxSystem
import Synchronization

/// A watchdog that remembers whether it barked.
final class Deadline: Sendable {
    private let passed = Mutex(false)
    private let watchdog = Mutex<Watchdog?>(nil)

    /// Starts the clock.
    init(seconds: Double, _ action: @escaping @Sendable () -> Void) {
        let dog = Watchdog(seconds: seconds) { [weak self] in
            self?.passed.withLock { $0 = true }
            action()
        }
        watchdog.withLock { $0 = dog }
    }

    deinit { watchdog.withLock { $0?.cancel() } }

    /// Whether the time was over before somebody stopped to wait.
    var hasPassed: Bool { passed.withLock { $0 } }
}

extension SandboxProcess {
    /// Waits for the end; after so many seconds everything in the sandbox is killed.
    public func wait(atMost seconds: Double) throws -> (ending: ChildProcess.Ending, timedOut: Bool) {
        let deadline = Deadline(seconds: seconds) { kill() }
        let ending = try wait()
        return (ending, deadline.hasPassed)
    }
}
