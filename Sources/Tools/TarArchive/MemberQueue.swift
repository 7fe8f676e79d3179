import Foundation

/// The members of a layer on their way: numbered when they come, compressed in any order, written in theirs.
///
/// It holds a bounded number of them, so a slow disk stops the producer instead of filling the memory.
final class MemberQueue: @unchecked Sendable {
    // `condition` guards everything below; only values are shared.
    private let condition = NSCondition()
    private let capacity: Int
    private var waiting: [(number: Int, tar: [UInt8])] = []
    private var compressed: [Int: EncodedMember] = [:]
    private var submitted = 0
    private var written = 0
    private var isClosed = false
    private var failure: (any Error)?

    /// Makes a queue for at most this many members at once.
    init(capacity: Int) { self.capacity = capacity }

    /// Adds the next member's tar; waits while the queue is full.
    func submit(_ tar: [UInt8]) throws {
        try locked {
            while submitted - written >= capacity, failure == nil { condition.wait() }
            if let failure { throw failure }
            waiting.append((submitted, tar))
            submitted += 1
        }
    }

    /// A member to compress; nil where no more will come.
    func takeUncompressed() -> (number: Int, tar: [UInt8])? {
        locked {
            while waiting.isEmpty, !isClosed, failure == nil { condition.wait() }
            return failure != nil || waiting.isEmpty ? nil : waiting.removeFirst()
        }
    }

    /// Hands back a compressed member.
    func deliver(_ member: EncodedMember, number: Int) {
        locked { compressed[number] = member }
    }

    /// The member to write next; nil where no more will come.
    func takeCompressed() -> EncodedMember? {
        locked {
            while true {
                if failure != nil { return nil }
                if let member = compressed.removeValue(forKey: written) {
                    written += 1
                    return member
                }
                if isClosed, written == submitted { return nil }
                condition.wait()
            }
        }
    }

    /// Says that no more members will be submitted.
    func close() {
        locked { isClosed = true }
    }

    /// Stops everyone; the first failure is the one that counts.
    func fail(_ error: any Error) {
        locked { failure = failure ?? error }
    }

    /// Throws the failure, where there is one.
    func checkFailure() throws {
        try locked { if let failure { throw failure } }
    }

    private func locked<Result>(_ body: () throws -> Result) rethrows -> Result {
        condition.lock()
        defer {
            condition.broadcast()
            condition.unlock()
        }
        return try body()
    }
}
