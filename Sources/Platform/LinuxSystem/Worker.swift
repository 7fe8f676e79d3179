import Foundation

/// A thread of its own for work that blocks: C calls on the cooperative pool would starve everything else in it.
public final class Worker<Value: Sendable>: Sendable {
    private let outcome: Outcome

    /// Starts the work now.
    public init(stackSize: Int = 4 << 20, _ work: @escaping @Sendable () throws -> Value) {
        let outcome = Outcome(work)
        self.outcome = outcome
        let thread = Thread { outcome.settle() }
        thread.stackSize = stackSize
        thread.start()
    }

    /// Waits for the end; throws what the work threw. What the work alone held is gone then.
    public func result() throws -> Value { try outcome.wait().get() }

    private final class Outcome: @unchecked Sendable {
        // NSCondition guards `value`, the thread alone has `work`; no raw pointer is shared.
        private let condition = NSCondition()
        private var value: Result<Value, any Error>?
        private var work: (@Sendable () throws -> Value)?

        init(_ work: @escaping @Sendable () throws -> Value) { self.work = work }

        func settle() {
            let result = work.map { Result(catching: $0) }
            work = nil
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
