import LinuxSystem
import Testing

/// A value between threads, and threads.
@Suite struct MonitorTests {
    @Test func noChangeIsLostBetweenThreads() throws {
        let count = Monitor(0)
        let workers = (0..<4).map { _ in
            Worker { for _ in 0..<10_000 { count.withLock { $0 += 1 } } }
        }
        for worker in workers { try worker.result() }
        #expect(count.withLock { $0 } == 40_000)
    }

    @Test("who waits goes on when another has changed the value, and nobody takes the same thing")
    func waiting() throws {
        let queue = Monitor([Int]())
        let takers = (0..<3).map { _ in
            Worker { (0..<1000).map { _ in queue.wait(until: { !$0.isEmpty }) { $0.removeLast() } } }
        }
        for number in 0..<3000 { queue.withLock { $0.append(number) } }
        let taken = try takers.flatMap { try $0.result() }
        #expect(taken.sorted() == Array(0..<3000))
    }

    @Test("one change lets everybody on whom it concerns, and nobody else")
    func oneChangeForMany() throws {
        let value = Monitor(0)
        let early = (1...8).map { _ in Worker { value.wait(until: { $0 >= 1 }) { $0 } } }
        let late = Worker { value.wait(until: { $0 >= 2 }) { $0 } }
        value.withLock { $0 = 1 }
        #expect(try early.map { try $0.result() } == Array(repeating: 1, count: 8))
        value.withLock { $0 = 2 }
        #expect(try late.result() == 2)
    }

    @Test func whatFailsLeavesItOpen() {
        let value = Monitor(1)
        #expect(throws: SystemError.self) {
            try value.withLock { value in
                value = 2
                throw SystemError("try", "it", number: 1)
            }
        }
        #expect(value.wait(for: { $0 == 2 ? "changed" : nil }) == "changed")
    }

    @Test("a thread that the system does not give is told of, and not waited for")
    func noThread() {
        // More than the address space has.
        let worker = Worker(stackSize: 1 << 50) { 1 }
        #expect { try worker.result() } throws: { ($0 as? SystemError)?.subject == "a thread" }
    }

    @Test func whatTheWorkHeldIsGoneAtItsEnd() throws {
        let (worker, held) = holding()
        try worker.result()
        #expect(held.object == nil)
        withExtendedLifetime(worker) {}
    }

    private func holding() -> (Worker<Void>, Weak) {
        let object = Object()
        return (Worker { withExtendedLifetime(object) {} }, Weak(object: object))
    }

    private final class Object: Sendable {}
    private struct Weak { weak var object: Object? }
}
