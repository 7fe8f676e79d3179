import AuditTrail
import BakeModel
import BlobStorage
import EnvironmentPromotion
import GenerationLog
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

    private static let views: [any LedgerView] = [GenerationView(), SlotView(), AuditView()]

    /// Makes a store and records it; one that is there already is opened.
    /// - Parameter identity: 32 random hexadecimal digits that tell the new store from all others.
    public static func create(
        at path: String, identity: String, program: HelperProgram, by actor: Actor, clock: Timestamp
    ) throws -> BakeStore {
        let blobs = try BlobStore.create(at: path)
        let ledger = try Ledger.create(at: blobs.ledger, views: views)
        try Reserve(path: blobs.reserve).restore()
        let store = BakeStore(blobs: blobs, ledger: ledger, program: program)
        do {
            _ = try ledger.append(
                [StoreCreation(store: identity).act], by: actor, clock: clock, expecting: [.store: nil])
        } catch LedgerError.lostRace(_) {
            // It was recorded before: the store is older than this call.
        }
        try store.refreshIndex()
        return store
    }

    /// Opens a store.
    /// - Parameters:
    ///   - readOnly: for commands that only ask, which then also serve those who may not write.
    ///   - isUrgent: for acts that must work with no byte free: the reserve is given up where nothing else is left.
    ///     `restoreReserve` takes it back.
    public static func open(
        _ path: String, program: HelperProgram, readOnly: Bool = false, isUrgent: Bool = false
    ) throws -> BakeStore {
        let blobs = try BlobStore.open(path)
        let mayWrite = !readOnly && access(blobs.path, W_OK) == 0
        if mayWrite {
            let reserve = Reserve(path: blobs.reserve)
            // Neither is worth an error: where space is missing, the act itself says so.
            if isUrgent { try? reserve.giveUpWhereFull() } else { try? reserve.restore() }
            try blobs.sweep()
        }
        let ledger = try Ledger.open(at: blobs.ledger, views: views, readOnly: !mayWrite)
        let store = BakeStore(blobs: blobs, ledger: ledger, program: program)
        // A kill between an entry and the index it shows in: the index is a view, and made again here.
        if mayWrite { try store.refreshIndex() }
        return store
    }

    /// Takes the reserve back after an urgent act, as much of it as there is space for.
    public func restoreReserve() { try? Reserve(path: blobs.reserve).restoreWhatFits() }

    /// The numbered images.
    public var generations: GenerationLog { GenerationLog(ledger: ledger) }
    /// What moves them.
    public var promotion: EnvironmentPromotion { EnvironmentPromotion(ledger: ledger) }
    /// What remembers.
    public var audit: AuditTrail { AuditTrail(ledger: ledger) }
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
