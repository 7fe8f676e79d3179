import Foundation

/// A thread of its own for work that blocks: C calls on the cooperative pool would starve everything else in it.
public final class Worker<Value: Sendable>: Sendable {
    private let outcome: Outcome

    /// Starts the work now.
    public init(stackSize: Int = 4 << 20, _ work: @escaping @Sendable () throws -> Value) {
        let outcome = Outcome()
        self.outcome = outcome
        let thread = Thread { outcome.settle(Result(catching: work)) }
        thread.stackSize = stackSize
        thread.start()
    }

    /// Waits for the end; throws what the work threw.
    public func result() throws -> Value { try outcome.wait().get() }

    private final class Outcome: @unchecked Sendable {
        // NSCondition guards `value`; no raw pointer is shared.
        private let condition = NSCondition()
        private var value: Result<Value, any Error>?

        func settle(_ result: Result<Value, any Error>) {
            condition.lock()
            value = result
            condition.broadcast()
            condition.unlock()
        }

        func wait() -> Result<Value, any Error> {
            condition.lock()
            defer { condition.unlock() }
            while true {
                if let value { return value }
                condition.wait()
            }
        }
    }
}
