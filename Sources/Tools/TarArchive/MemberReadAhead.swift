import Foundation
import LinuxSystem

/// Decompresses members on several threads while the one who reads them does something else: bounded, in order.
final class MemberReadAhead: Sendable {
    private let queue: InflationQueue
    private let workers: [Worker<Void>]

    /// How many members are on their way at most: compressed and decompressed about 1.5 MiB each.
    let capacity: Int

    /// Starts the threads.
    /// - Parameter hashing: whether the digests of the stored members are wanted.
    init(threads: Int, hashing: Bool) {
        let queue = InflationQueue()
        self.queue = queue
        capacity = threads + 2
        workers = (0..<threads).map { _ in Worker { Self.work(queue, hashing) } }
    }

    deinit { queue.close() }

    /// How many members were submitted and not taken.
    var pending: Int { queue.pending }

    /// Adds the next member.
    func submit(_ member: [UInt8]) { queue.submit(member) }

    /// What the oldest member held; waits until it is decompressed. Nil where it is damaged.
    func take() -> InflatedMember? { queue.take() }

    private static func work(_ queue: InflationQueue, _ hashing: Bool) {
        let inflater = try? MemberInflater()
        while let (number, member) = queue.next() {
            queue.deliver(inflater.flatMap { InflatedMember(member, by: $0, hashing: hashing) }, number: number)
        }
    }
}

/// Members on their way: numbered when they come, decompressed in any order, taken in theirs.
final class InflationQueue: @unchecked Sendable {
    // `condition` guards everything below; only values are shared.
    private let condition = NSCondition()
    private var waiting: [(number: Int, member: [UInt8])] = []
    private var finished: [Int: InflatedMember?] = [:]
    private var submitted = 0
    private var taken = 0
    private var isClosed = false

    /// How many were submitted and not taken.
    var pending: Int { locked { submitted - taken } }

    /// Adds a member.
    func submit(_ member: [UInt8]) {
        locked {
            waiting.append((submitted, member))
            submitted += 1
        }
    }

    /// A member to decompress; nil when no more will come.
    func next() -> (number: Int, member: [UInt8])? {
        locked {
            while waiting.isEmpty, !isClosed { condition.wait() }
            return isClosed ? nil : waiting.removeFirst()
        }
    }

    /// Hands over what a member held; nil where it is damaged.
    func deliver(_ member: InflatedMember?, number: Int) { locked { finished[number] = .some(member) } }

    /// What the oldest member held; nil where it is damaged.
    func take() -> InflatedMember? {
        locked {
            while true {
                if let member = finished.removeValue(forKey: taken) {
                    taken += 1
                    return member
                }
                condition.wait()
            }
        }
    }

    /// Says that nobody will ask any more.
    func close() { locked { isClosed = true } }

    private func locked<Result>(_ body: () -> Result) -> Result {
        condition.lock()
        defer {
            condition.broadcast()
            condition.unlock()
        }
        return body()
    }
}
