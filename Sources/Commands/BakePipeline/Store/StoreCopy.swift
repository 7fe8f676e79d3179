import Attestation
import BakeModel
import BlobStorage
import Glibc
import LedgerDatabase
import LinuxSystem

/// A store → the same store in another place, whole: the ledger at one moment, every blob that it needs, verified on both
/// sides, and the repositories. What is there already, and sound, is not copied again.
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
        /// How many entries of the source the copy's ledger has.
        public let entries: Int64
        /// How many blobs were copied, not counting those that were there.
        public let blobs: Int
        /// Their bytes.
        public let bytes: UInt64
    }

    /// Copies. The ledger comes last: a copy that was cut short is the earlier one, with more blobs.
    /// - Parameter restorer: who makes a store of a backup, and when; nil for a backup. The copy's ledger says it from the
    ///   first moment on.
    /// - Throws: `CopyPlaceFault`; `DamagedOriginal`, `IncompleteCopy` for entries and blobs that are damaged or not there: a copy
    ///   of damage is none, and must not take the place of a good one.
    public func run(restoredBy restorer: (actor: Actor, clock: Timestamp)? = nil) throws -> Outcome {
        try CopyPlaceFault.confirm(target, isOutside: source.blobs.path)
        let blobs = try BlobStore.create(at: target)
        try confirmSameStore(blobs)
        let unfinished = DurableFile.unfinishedPath(of: blobs.ledger)
        defer { for suffix in ["", "-wal", "-shm", "-journal"] { unlink(unfinished + suffix) } }
        // Before the blobs, so that all that it names are there to be copied, if only in the trash.
        try source.ledger.copy(to: unfinished)
        let index = try DurableFile.read("\(source.blobs.path)/index.json", limit: 1 << 30)
        let (entries, needed) = try complete(unfinished, in: blobs, restorer)
        var copy = BlobCopy(from: source.blobs, to: blobs)
        try copy.run(needed: needed)
        try RepositoryCopy(from: source.blobs, to: blobs).run()
        // The names that other tools wrote; those that are bake's are made again from the ledger.
        try DurableFile.replace("\(blobs.path)/index.json", with: index, sharing: blobs.sharing)
        try Ledger.install(unfinished, at: blobs.ledger)
        try BakeStore.open(blobs.path, program: source.program).rebuildIndex(isForeignKept: true)
        return Outcome(entries: entries, blobs: copy.count, bytes: copy.bytes)
    }

    /// Adds the entry of a restoration to a ledger that is not in its place yet.
    /// - Returns: how many entries there were, and the documents from which everything is reached that must be there.
    private func complete(
        _ unfinished: String, in blobs: BlobStore, _ restorer: (actor: Actor, clock: Timestamp)?
    ) throws -> (Int64, [ContentDescriptor]) {
        let copy = BakeStore(
            blobs: blobs, ledger: try Ledger.openUnfinished(unfinished, views: BakeStore.views),
            program: source.program)
        if let finding = try copy.ledger.verifyChain().first {
            throw DamagedOriginal(path: source.blobs.path, finding: finding)
        }
        let entries = try copy.ledger.latest()
        if let restorer { try copy.recordRestoration(by: restorer.actor, clock: restorer.clock) }
        let statements = try copy.attestations.referrers(after: 0, through: .max).map {
            EvidenceRoots.manifest($0.artifact, $0.size)
        }
        let foreign = try source.blobs.indexed().filter { entry in
            !BakeStore.isOurs(entry.annotations[ContentDescriptor.referenceKey] ?? "")
        }
        return (entries, try StoreExamination.roots(copy) + statements + foreign)
    }

    /// The latest entry that the target has must be the source's, too.
    private func confirmSameStore(_ blobs: BlobStore) throws {
        guard access(blobs.ledger, F_OK) == 0 else { return }
        let earlier = try BakeStore.openForReading(blobs.path, program: source.program)
        let latest = try earlier.ledger.latest()
        guard latest > 0 else { return }
        guard try earlier.ledger.entries(from: latest, limit: 1) == source.ledger.entries(from: latest, limit: 1) else {
            throw CopyPlaceFault.foreign(path: blobs.path, entry: latest)
        }
    }
}
