import Attestation
import AuditTrail
import BakeModel
import BlobStorage
import EnvironmentPromotion
import GenerationLog
import GitRepository
import Glibc
import LedgerDatabase
import LinuxSystem
import RootFilesystem

/// A store, opened: its blobs, its ledger, and what every stage asks of them.
public struct BakeStore: Sendable {
    /// The blobs.
    public let blobs: BlobStore
    /// The entries and the views over them.
    public let ledger: Ledger
    /// The executable that serves as helper.
    public let program: HelperProgram

    static let views: [any LedgerView] = [
        GenerationView(), SlotView(), AuditView(), EvidenceView(), TreeView(),
    ]

    /// Makes a store and records it; one that is there already is opened.
    /// - Parameters:
    ///   - identity: 32 random hexadecimal digits that tell the new store from all others.
    ///   - group: the group that shares it from now on; nothing changes where nil.
    ///   - onBacklog: told how many entries the views of the ledger have yet to read, before they do.
    public static func create(
        at path: String, identity: String, group: UserGroup? = nil, program: HelperProgram, by actor: Actor,
        clock: Timestamp, onBacklog: (Int64) -> Void = { _ in }
    ) throws -> BakeStore {
        let blobs = try BlobStore.create(at: path, group: group)
        let ledger = try Ledger.create(at: blobs.ledger, views: views, onBacklog: onBacklog)
        let store = BakeStore(blobs: blobs, ledger: ledger, program: program)
        do { try Reserve(path: blobs.reserve).restore() } catch {
            // Only a new store must have it: where an old one finds no space, the act itself says so.
            guard try ledger.head(of: .store) != nil else { throw error }
        }
        try store.recordCreation(identity, by: actor, clock: clock)
        try store.refreshIndex()
        return store
    }

    private func recordCreation(_ identity: String, by actor: Actor, clock: Timestamp) throws {
        guard try ledger.head(of: .store) == nil else { return }
        do {
            _ = try ledger.append(
                [StoreCreation(store: identity).act], by: actor, clock: clock, expecting: [.store: nil])
        } catch LedgerError.lostRace(_) {
            // Somebody else made it at the same time.
        }
    }

    /// Opens a store, to change it.
    /// - Parameters:
    ///   - isUrgent: for acts that must work with no byte free: the reserve is given up where nothing else is left.
    ///     `restoreReserve` takes it back.
    ///   - onBacklog: told how many entries the views of the ledger have yet to read, before they do.
    /// - Throws: `StoreError.notWritable` for whoever may only read.
    public static func open(
        _ path: String, program: HelperProgram, isUrgent: Bool = false, onBacklog: (Int64) -> Void = { _ in }
    ) throws -> BakeStore {
        let blobs = try BlobStore.open(path)
        try blobs.confirmWritable()
        let reserve = Reserve(path: blobs.reserve)
        // Neither is worth an error: where space is missing, the act itself says so.
        if isUrgent { try? reserve.giveUpWhereFull() } else { try? reserve.restore() }
        let ledger = try Ledger.open(at: blobs.ledger, views: views, onBacklog: onBacklog)
        let store = BakeStore(blobs: blobs, ledger: ledger, program: program)
        // A kill between an entry and the index it shows in: the index is a view, and made again here.
        do { try store.refreshIndex() } catch { guard isUrgent else { throw error } }
        return store
    }

    /// Opens a store for whoever collects in it: without saying that it is used, which would keep what is collected.
    public static func openForCollection(
        _ path: String, program: HelperProgram, onBacklog: (Int64) -> Void = { _ in }
    ) throws -> BakeStore {
        let store = try open(path, program: program, isUrgent: true, onBacklog: onBacklog)
        return BakeStore(blobs: store.blobs.unused, ledger: store.ledger, program: program)
    }

    /// Opens a store for commands that only ask. They serve those who may not write, and work with no byte free.
    /// - Parameters:
    ///   - workspace: a directory with `tmp/` and `cache/` for whoever may not write to the store's.
    ///   - onBacklog: told how many entries the views of the ledger have yet to read, before they do.
    public static func openForReading(
        _ path: String, program: HelperProgram, workspace: String? = nil, onBacklog: (Int64) -> Void = { _ in }
    ) throws -> BakeStore {
        let blobs = try BlobStore.open(path, workspace: workspace)
        return BakeStore(blobs: blobs, ledger: try ledgerForReading(blobs, onBacklog), program: program)
    }

    /// What a reader who may write can mend is mended: views of an older bake, and the lack of a byte for SQLite.
    private static func ledgerForReading(_ blobs: BlobStore, _ onBacklog: (Int64) -> Void) throws -> Ledger {
        do {
            let ledger = try Ledger.open(at: blobs.ledger, views: views, readOnly: true)
            guard try !ledger.areViewsCurrent(), blobs.isWritable else { return ledger }
            return try Ledger.open(at: blobs.ledger, views: views, onBacklog: onBacklog)
        } catch LedgerError.full(_) where blobs.isWritable {
            try Reserve(path: blobs.reserve).giveUpWhereFull()
            return try Ledger.open(at: blobs.ledger, views: views, readOnly: true)
        }
    }

    /// Records that this store was made again from a backup.
    func recordRestoration(by actor: Actor, clock: Timestamp) throws {
        let latest = try ledger.latest()
        guard let last = try ledger.entries(from: latest, limit: 1).first else { return }
        let restoration = StoreRestoration(entries: latest, latest: last.time)
        _ = try ledger.append([restoration.act], by: actor, clock: clock, expecting: [:])
    }

    /// Takes the reserve back after an urgent act, as much of it as there is space for.
    public func restoreReserve() { try? Reserve(path: blobs.reserve).restoreWhatFits() }

    /// The numbered images.
    public var generations: GenerationLog { GenerationLog(ledger: ledger) }
    /// What moves them.
    public var promotion: EnvironmentPromotion { EnvironmentPromotion(ledger: ledger) }
    /// What remembers.
    public var audit: AuditTrail { AuditTrail(ledger: ledger) }
    /// What is stated of images, and by whom.
    public var attestations: AttestationLog { AttestationLog(ledger: ledger) }
    /// The commits of kept generations.
    public var commits: CommitKeeping { CommitKeeping(in: blobs.mirrors) }
    /// Where roots are made and entered.
    public var workshop: RootWorkshop { RootWorkshop(store: blobs, program: program) }

    /// What tells this store from all others.
    public func identity() throws -> String {
        guard let first = try ledger.entries(from: 1, limit: 1).first, let creation = try StoreCreation(first) else {
            throw LedgerError.damaged(path: ledger.path, detail: "its first entry does not name the store")
        }
        return creation.store
    }
}
