import LinuxSystem

/// The members of a layer on their way: numbered when they come, compressed in any order, written in theirs.
///
/// It holds a bounded number of them, so a slow disk stops the producer instead of filling the memory.
final class MemberQueue: Sendable {
    private struct State {
        var waiting: [(number: Int, tar: PlainMember)] = []
        var compressed: [Int: EncodedMember] = [:]
        var submitted = 0
        var written = 0
        var isClosed = false
        var failure: (any Error)?

        /// Whether the next member is compressed, or none will come.
        var canWriteOrEnd: Bool { failure != nil || compressed[written] != nil || isClosed && written == submitted }
    }

    private let state = Monitor(State())
    private let capacity: Int

    /// Makes a queue for at most this many members at once.
    init(capacity: Int) { self.capacity = capacity }

    /// Adds the next member's tar; waits while the queue is full.
    func submit(_ tar: PlainMember) throws {
        try state.wait(until: { [capacity] in $0.failure != nil || $0.submitted - $0.written < capacity }) { state in
            if let failure = state.failure { throw failure }
            state.waiting.append((state.submitted, tar))
            state.submitted += 1
        }
    }

    /// A member to compress; nil where no more will come.
    func takeUncompressed() -> (number: Int, tar: PlainMember)? {
        state.wait(until: { $0.failure != nil || $0.isClosed || !$0.waiting.isEmpty }) { state in
            state.failure != nil || state.waiting.isEmpty ? nil : state.waiting.removeFirst()
        }
    }

    /// Hands back a compressed member.
    func deliver(_ member: EncodedMember, number: Int) {
        state.withLock { $0.compressed[number] = member }
    }

    /// The member to write next; nil where no more will come.
    func takeCompressed() -> EncodedMember? {
        state.wait(until: \.canWriteOrEnd) { state in
            guard state.failure == nil, let member = state.compressed.removeValue(forKey: state.written) else {
                return nil
            }
            state.written += 1
            return member
        }
    }

    /// Says that no more members will be submitted.
    func close() { state.withLock { $0.isClosed = true } }

    /// Stops everyone; the first failure is the one that counts.
    func fail(_ error: any Error) { state.withLock { $0.failure = $0.failure ?? error } }

    /// Throws the failure, where there is one.
    func checkFailure() throws {
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }
}
