import BakeModel
import LinuxSystem

/// Taking blobs out of a store, one process at a time. What is taken can be missed by those who use the store now: they
/// find it in the trash, and it is deleted when the last of them has ended.
public struct BlobCollection: Sendable {
    private let store: BlobStore
    private let lock: FileLock

    /// Begins to collect in a store that this process does not use otherwise.
    /// - Throws: `CollectorBusy` where another process collects.
    public init(_ store: BlobStore) throws {
        // A use of its own would make it wait for itself.
        self.store = BlobStore(path: store.path)
        guard let lock = try FileLock.exclusiveIfFree(store.trash.collectorLock) else { throw CollectorBusy() }
        self.lock = lock
    }

    /// What became of blobs.
    public struct Result: Hashable, Sendable {
        /// The bytes that are free now.
        public let deleted: UInt64
        /// The bytes that are free when those who use the store now have ended, and somebody collects again.
        public let waiting: UInt64

        /// Describes an outcome.
        public init(deleted: UInt64, waiting: UInt64) {
            self.deleted = deleted
            self.waiting = waiting
        }
    }

    /// Takes blobs out, and deletes what nobody can miss.
    /// - Parameter kept: all that must stay, asked again after the last possible user has ended.
    public func remove(_ digests: [Digest], kept: () throws -> Set<Digest>) throws -> Result {
        defer { withExtendedLifetime(lock) {} }
        let trash = store.trash
        let epoch = try trash.epochs().max() ?? 1
        for digest in digests { _ = try trash.take(digest, in: epoch) }
        // Not before everything is out: who begins now sees the store as it is.
        try trash.beginEpoch(after: epoch)
        let (deleted, waiting) = try trash.empty(before: epoch + 1, kept: kept)
        return Result(deleted: deleted, waiting: waiting)
    }
}

/// Another process collects.
public struct CollectorBusy: ExplainedError, Hashable {
    public var doing: String { "collect" }
    public var subject: String { "the store" }
    public var reason: String { "another process collects in it now" }
    public var hint: String? { "try again when it has ended" }
    public var exit: ExitCode { .lostRace }
}
