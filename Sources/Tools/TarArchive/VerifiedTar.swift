import BakeModel

/// The bytes of a tar on their way to libarchive: hashed, counted against the limits, their framing checked before
/// libarchive sees them.
final class VerifiedTar: TarSource {
    private let input: CompressedInput
    private let source: any TarSource
    private let limits: ArchiveLimits
    /// Nil for a tar that is stored as it is: its digest is the input's.
    private var hasher: DigestHasher?
    private var framing: TarFraming
    private var size: UInt64 = 0
    private let record: MemberRecord?

    /// Finds out how the input is compressed.
    /// - Parameter record: takes down the members that say how long they are.
    init(_ input: CompressedInput, _ limits: ArchiveLimits, record: MemberRecord? = nil) throws {
        self.input = input
        self.limits = limits
        self.record = record
        let watcher = record.map { record in { record.add($0) } }
        let format = try StoredFormat.detect(input, limits)
        source = try format.source(input, watcher: watcher)
        if format != .plain { hasher = DigestHasher() }
        framing = TarFraming(limits)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = try source.read(into: buffer)
        guard count > 0 else {
            // Before libarchive takes the end of the bytes for the end of the archive.
            try framing.finish()
            return 0
        }
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
        size += UInt64(count)
        try limits.check(bytes: size, fromCompressed: input.size, "the tar")
        try framing.accept(bytes)
        hasher?.update(bytes)
        return count
    }

    /// What the headers say of the entry that libarchive sees next.
    func takeFacts() throws(ArchiveReadError) -> EntryFacts {
        guard let facts = framing.takeFacts() else { throw ArchiveReadError(.ambiguous, "the tar") }
        return facts
    }

    /// How many stored bytes were read so far.
    var compressedSize: UInt64 { input.size }

    /// Makes sure that all entries were seen. Call it at the end of the bytes.
    /// - Returns: how many bytes of tar there were.
    @discardableResult
    func end(entries: Int) throws -> UInt64 {
        guard framing.entries == entries else { throw ArchiveReadError(.ambiguous, "the tar") }
        return size
    }

    /// Tells what was read. Call it at the end of the bytes.
    func finish(entries: Int, skipped: Int) throws -> ArchiveSummary {
        try end(entries: entries + skipped)
        let blob = try input.digest()
        return ArchiveSummary(
            blob: blob, size: input.size, diffID: DiffID(hasher.take()?.finish() ?? blob), tarSize: size,
            entries: entries,
            skipped: skipped, members: record?.whole(input.size) ?? [])
    }
}

/// The members that went by, in order.
final class MemberRecord {
    private var members: [StoredMember] = []

    /// Adds the next member.
    func add(_ member: StoredMember) { members.append(member) }

    /// The members where they make up all of that many stored bytes; none where something else was among them.
    func whole(_ size: UInt64) -> [StoredMember] {
        members.reduce(0) { $0 + UInt64($1.size) } == size ? members : []
    }
}
