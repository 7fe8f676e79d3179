import Glibc

/// A thread of its own for work that blocks: C calls on the cooperative pool would starve everything else in it.
public final class Worker<Value: Sendable>: Sendable {
    private let outcome: Outcome

    /// Starts the work now. Where the system gives no thread, `result` says so.
    public init(stackSize: Int = 4 << 20, _ work: @escaping @Sendable () throws -> Value) {
        let outcome = Outcome(work)
        self.outcome = outcome
        let number = Self.start(ThreadBody { outcome.settle() }, stackSize: stackSize)
        if number != 0 { outcome.settle(SystemError("start", "a thread", number: number)) }
    }

    /// Waits for the end; throws what the work threw. What the work alone held is gone then.
    public func result() throws -> Value { try outcome.wait().get() }

    /// - Returns: 0, or errno's number.
    private static func start(_ body: ThreadBody, stackSize: Int) -> Int32 {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, stackSize)
        // Nobody joins it: who waits, waits for the outcome.
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        let handed = Unmanaged.passRetained(body)
        var thread = pthread_t()
        let number = pthread_create(
            &thread, &attributes,
            { context in
                if let context { Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, handed.toOpaque())
        if number != 0 { handed.release() }
        return number
    }

    private final class Outcome: Sendable {
        private struct State {
            var work: (@Sendable () throws -> Value)?
            var value: Result<Value, any Error>?
        }
        private let state: Monitor<State>

        init(_ work: @escaping @Sendable () throws -> Value) { state = Monitor(State(work: work)) }

        /// Does the work, and lets it go before anybody hears of the end.
        func settle() {
            let value = finished()
            state.withLock { $0.value = value }
        }

        func settle(_ failure: any Error) {
            state.withLock { $0 = State(value: .failure(failure)) }
        }

        func wait() -> Result<Value, any Error> { state.wait(for: \.value) }

        private func finished() -> Result<Value, any Error>? {
            let work = state.withLock { state in
                defer { state.work = nil }
                return state.work
            }
            return work.map { Result(catching: $0) }
        }
    }
}

/// What a thread does, as an object: all that pthread_create(3) takes along is a pointer.
private final class ThreadBody {
    private let body: () -> Void

    init(_ body: @escaping () -> Void) { self.body = body }

    func run() { body() }
}
