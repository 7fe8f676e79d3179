import Glibc

/// A value that threads change one at a time, and for whose changes they can wait: pthread_mutex_lock(3), pthread_cond_wait(3).
public final class Monitor<State: Sendable>: @unchecked Sendable {
    // `mutex` guards `state`. What the two pointers name is of the C library, which takes it from every thread, and must not be
    // moved; it lives as long as this object, and nobody else gets it.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let change = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var state: State

    /// Guards a value.
    public init(_ state: State) {
        self.state = state
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(change, nil)
    }

    deinit {
        pthread_cond_destroy(change)
        pthread_mutex_destroy(mutex)
        change.deallocate()
        mutex.deallocate()
    }

    /// Reads or changes the value while no other thread does. Whoever waits looks again after it.
    public func withLock<Result, Failure: Error>(
        _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { unlock() }
        return try body(&state)
    }

    /// Waits until the value is as it should be, and takes from it then, before any other thread.
    /// - Parameters:
    ///   - isReady: called at once, and again after every change.
    ///   - body: may change the value.
    public func wait<Result, Failure: Error>(
        until isReady: (State) -> Bool, _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { unlock() }
        while !isReady(state) { pthread_cond_wait(change, mutex) }
        return try body(&state)
    }

    /// Waits until there is something to be found in the value.
    public func wait<Result>(for find: (State) -> Result?) -> Result {
        pthread_mutex_lock(mutex)
        defer { unlock() }
        while true {
            if let found = find(state) { return found }
            pthread_cond_wait(change, mutex)
        }
    }

    private func unlock() {
        pthread_cond_broadcast(change)
        pthread_mutex_unlock(mutex)
    }
}
