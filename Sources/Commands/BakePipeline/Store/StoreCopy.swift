import BakeModel
import BlobStorage
import Foundation
import Glibc
import LedgerDatabase
import LinuxSystem

/// A store → the same store in another place, whole: the ledger at one moment, every blob it may name, verified on the
/// way, and the repositories. What is there already is not copied again.
public struct StoreCopy: Sendable {
    private let source: BakeStore
    private let target: String

    /// Prepares to copy.
    /// - Parameter target: a directory that is empty, absent, or an earlier copy of the same store.
    public init(of source: BakeStore, to target: String) {
        self.source = source
        self.target = target
    }

    /// What was copied.
    public struct Outcome: Hashable, Sendable {
        /// How many entries the copy's ledger has.
        public let entries: Int64
        /// How many blobs were copied, not counting those that were there.
        public let blobs: Int
        /// Their bytes.
        public let bytes: UInt64
    }

    /// Copies. The ledger comes last: a copy that was cut short is the earlier one, with more blobs.
    /// - Throws: `ForeignCopy`; `StoreError` for a blob that is damaged: a copy of damage is none.
    public func run() throws -> Outcome {
        let blobs = try BlobStore.create(at: target)
        try confirmSameStore(blobs)
        let unfinished = "\(blobs.path)/ledger.\(UInt64.random(in: .min ... .max)).new"
        defer { for suffix in ["", "-wal", "-shm", "-journal"] { unlink(unfinished + suffix) } }
        // Before the blobs, so that all that it names are there to be copied.
        try source.ledger.copy(to: unfinished)
        let (count, bytes) = try copyBlobs(to: blobs)
        try source.blobs.copyFolded(to: blobs)
        try copyRepositories(to: blobs)
        try copyIndex(to: blobs)
        try Ledger.install(unfinished, at: blobs.ledger)
        let copy = try BakeStore.open(blobs.path, program: source.program)
        try copy.rebuildIndex(isForeignKept: true)
        return Outcome(entries: try copy.ledger.latest(), blobs: count, bytes: bytes)
    }

    /// The latest entry that the target has must be the source's, too.
    private func confirmSameStore(_ blobs: BlobStore) throws {
        guard access(blobs.ledger, F_OK) == 0 else { return }
        let earlier = try BakeStore.openForReading(blobs.path, program: source.program)
        let latest = try earlier.ledger.latest()
        guard latest > 0 else { return }
        guard try earlier.ledger.entries(from: latest, limit: 1) == source.ledger.entries(from: latest, limit: 1) else {
            throw ForeignCopy(path: blobs.path, entry: latest)
        }
    }

    private func copyBlobs(to blobs: BlobStore) throws -> (count: Int, bytes: UInt64) {
        var count = 0
        var bytes: UInt64 = 0
        for blob in try source.blobs.list() where try !Self.has(blobs, blob) {
            let writer = try blobs.newBlob()
            let file = try source.blobs.open(blob.digest)
            try file.readPieces(of: 1 << 20) { try writer.write($0) }
            _ = try writer.commit(claimed: blob.digest, size: blob.size)
            count += 1
            bytes += blob.size
        }
        return (count, bytes)
    }

    private static func has(_ blobs: BlobStore, _ blob: BlobStore.Listed) throws -> Bool {
        try blobs.contains(blob.digest) && blobs.size(blob.digest) == blob.size
    }

    /// The names that other tools wrote; those that are bake's are made again from the ledger.
    private func copyIndex(to blobs: BlobStore) throws {
        let bytes = try DurableFile.read("\(source.blobs.path)/index.json", limit: 1 << 30)
        try DurableFile.replace("\(blobs.path)/index.json", with: bytes, sharing: blobs.sharing)
    }

    /// Mirrors can be fetched again, but the repositories that bake made for one-off images are nowhere else.
    private func copyRepositories(to blobs: BlobStore) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: source.blobs.mirrors).sorted() {
            let unfinished = "\(blobs.temporary)/\(UInt64.random(in: .min ... .max)).git"
            let place = "\(blobs.mirrors)/\(name)"
            try FileManager.default.copyItem(atPath: "\(source.blobs.mirrors)/\(name)", toPath: unfinished)
            if access(place, F_OK) == 0 { try FileManager.default.removeItem(atPath: place) }
            try SystemError.check("move the repository to", place) { rename(unfinished, place) }
        }
    }
}

/// A directory holds the copy of another store, or of another history of the same one.
public struct ForeignCopy: ExplainedError, Hashable {
    let path: String
    let entry: Int64

    public var doing: String { "copy the store to" }
    public var subject: String { path }
    public var reason: String { "its entry \(entry) is not this store's: it is another store, or went another way" }
    public var hint: String? { "name a directory that is not there yet" }
    public var exit: ExitCode { .usage }
}
