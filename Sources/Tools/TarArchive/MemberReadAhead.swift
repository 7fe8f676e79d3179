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
final class InflationQueue: Sendable {
    private struct State {
        var waiting: [(number: Int, member: [UInt8])] = []
        var finished: [Int: InflatedMember?] = [:]
        var submitted = 0
        var taken = 0
        var isClosed = false
    }

    private let state = Monitor(State())

    /// How many were submitted and not taken.
    var pending: Int { state.withLock { $0.submitted - $0.taken } }

    /// Adds a member.
    func submit(_ member: [UInt8]) {
        state.withLock { state in
            state.waiting.append((state.submitted, member))
            state.submitted += 1
        }
    }

    /// A member to decompress; nil when no more will come.
    func next() -> (number: Int, member: [UInt8])? {
        state.wait(until: { $0.isClosed || !$0.waiting.isEmpty }) { state in
            state.isClosed ? nil : state.waiting.removeFirst()
        }
    }

    /// Hands over what a member held; nil where it is damaged.
    func deliver(_ member: InflatedMember?, number: Int) { state.withLock { $0.finished[number] = .some(member) } }

    /// What the oldest member held; nil where it is damaged.
    func take() -> InflatedMember? {
        state.wait(until: { $0.finished.keys.contains($0.taken) }) { state in
            defer { state.taken += 1 }
            return state.finished.removeValue(forKey: state.taken) ?? nil
        }
    }

    /// Says that nobody will ask any more.
    func close() { state.withLock { $0.isClosed = true } }
}
