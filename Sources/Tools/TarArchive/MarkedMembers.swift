import Glibc

/// The gzip members that say how long they are, one after another, decompressed ahead of their reader.
final class MarkedMembers {
    /// Sees each member before its bytes are given away.
    typealias Watcher = (StoredMember) throws -> Void

    private let input: CompressedInput
    private let watcher: Watcher?
    private var ahead: MemberReadAhead?
    private var current: [UInt8] = []
    private var place = 0
    private var isFirst = true

    /// More threads than this would wait for the one who reads.
    private static let mostThreads = 4

    /// Starts where the input stands.
    init(_ input: CompressedInput, watcher: Watcher? = nil) {
        self.input = input
        self.watcher = watcher
    }

    /// Fills the buffer with the next bytes and returns how many; 0 where no such member follows.
    /// - Throws: `ArchiveReadError` where one is damaged; what reading throws.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while place == current.count {
            guard let next = try next() else { return 0 }
            (current, place) = (next, 0)
        }
        let count = min(buffer.count, current.count - place)
        current.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[place..<place + count])) }
        place += count
        return count
    }

    /// What the next member holds; nil where none of these follows.
    private func next() throws -> [UInt8]? {
        guard let member = try compressed() else { return try lastOnes() }
        // A layer of one member starts no threads.
        guard !isFirst else {
            isFirst = false
            return try checked(InflatedMember(member, by: MemberInflater(), hashing: watcher != nil))
        }
        let ahead = started()
        ahead.submit(member)
        while ahead.pending < ahead.capacity, let member = try compressed() { ahead.submit(member) }
        return try checked(ahead.take())
    }

    private func lastOnes() throws -> [UInt8]? {
        guard let ahead, ahead.pending > 0 else { return nil }
        return try checked(ahead.take())
    }

    private func started() -> MemberReadAhead {
        if let ahead { return ahead }
        let processors = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        let new = MemberReadAhead(threads: min(processors, Self.mostThreads), hashing: watcher != nil)
        ahead = new
        return new
    }

    private func checked(_ member: InflatedMember?) throws -> [UInt8] {
        guard let member else { throw ArchiveReadError(.damagedCompression("a member is damaged"), "a gzip member") }
        if let watcher, let stored = member.stored { try watcher(stored) }
        return member.plain
    }

    /// The next member as stored; nil where it does not say its length, or one that no member of bake's has.
    private func compressed() throws -> [UInt8]? {
        guard try input.fill(GzipMember.headerSize) >= GzipMember.headerSize,
            let size = input.withWindow({ GzipMember.size(at: $0) }), size <= CompressedInput.windowSize
        else { return nil }
        guard try input.fill(size) >= size else { throw ArchiveReadError(.truncated, "a gzip member") }
        defer { input.consume(size) }
        return input.withWindow { Array($0.prefix(size)) }
    }
}
