import Glibc

/// A value that threads change one at a time, and for whose changes they can wait: pthread_mutex_lock(3), pthread_cond_wait(3).
///
/// Of those who wait one is woken whose condition holds, and it wakes the next: waking a thread for nothing costs as much as
/// hashing several KiB.
public final class Monitor<State: Sendable>: @unchecked Sendable {
    // `mutex` guards `state` and `waiters`. What the pointers name is of the C library, which takes it from every thread, and
    // must not be moved; it lives as long as what holds it, and nobody else gets it.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private var state: State
    /// Who sleeps, the longest first.
    private var waiters: [Waiter] = []

    /// Guards a value.
    public init(_ state: State) {
        self.state = state
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Looks at the value, or changes it, while no other thread does.
    public func withLock<Result, Failure: Error>(
        _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { unlock() }
        return try body(&state)
    }

    /// Waits until the value is as it should be, and takes from it then, before any other thread.
    /// - Parameters:
    ///   - isReady: called at once and after every change, by whichever thread made it.
    ///   - body: may change the value.
    public func wait<Result, Failure: Error>(
        until isReady: @escaping @Sendable (State) -> Bool, _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { unlock() }
        sleep(until: isReady)
        return try body(&state)
    }

    /// Waits until there is something to be found in the value.
    public func wait<Result>(for find: @escaping @Sendable (State) -> Result?) -> Result {
        pthread_mutex_lock(mutex)
        defer { unlock() }
        while true {
            if let found = find(state) { return found }
            sleep { find($0) != nil }
        }
    }

    private func sleep(until isReady: @escaping @Sendable (State) -> Bool) {
        guard !isReady(state) else { return }
        let waiter = Waiter(isReady)
        repeat {
            waiters.append(waiter)
            pthread_cond_wait(waiter.turn, mutex)
            // It may have woken by itself.
            waiters.removeAll { $0 === waiter }
        } while !isReady(state)
    }

    private func unlock() {
        // The first alone: it unlocks, too, and then the next is asked. Who finds that another was faster sleeps again, and that
        // other has asked the next.
        if let next = waiters.firstIndex(where: { $0.isReady(state) }) {
            pthread_cond_signal(waiters.remove(at: next).turn)
        }
        pthread_mutex_unlock(mutex)
    }

    /// A thread that sleeps.
    private final class Waiter {
        let isReady: @Sendable (State) -> Bool
        let turn = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

        init(_ isReady: @escaping @Sendable (State) -> Bool) {
            self.isReady = isReady
            pthread_cond_init(turn, nil)
        }

        deinit {
            pthread_cond_destroy(turn)
            turn.deallocate()
        }
    }
}
