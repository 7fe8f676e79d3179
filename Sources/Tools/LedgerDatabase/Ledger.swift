import BakeModel
import Glibc
import LinuxSystem

/// The ledger of a store: hash-chained entries in SQLite, and the views over them.
///
/// An append and what it changes in the views are one transaction, on the disk when it returns. Several threads and
/// processes may have the same ledger open.
public final class Ledger: EntryLog {
    /// The file.
    public let path: String
    private let queue: DatabaseQueue
    private let views: [any LedgerView]
    private let isReadOnly: Bool
    /// The files, where they are read without locks.
    private let quiet: QuietFiles?

    /// What SQLite opens the file by, and whether nobody else has it open.
    var databaseName: (name: String, isAlone: Bool) { (quiet?.name ?? path, quiet != nil) }

    private init(
        path: String, queue: DatabaseQueue, views: [any LedgerView], isReadOnly: Bool, quiet: QuietFiles? = nil
    ) {
        self.path = path
        self.queue = queue
        self.views = views
        self.isReadOnly = isReadOnly
        self.quiet = quiet
    }

    deinit {
        if !isReadOnly { try? queue.use { LedgerConnection.settleLog(of: $0, path: path) } }
    }

    /// Makes an empty ledger; one that is there already is opened.
    /// - Parameters:
    ///   - views: those that are kept with every append.
    ///   - onBacklog: as of `open`.
    /// - Throws: `LedgerError`, `SystemError`.
    public static func create(
        at path: String, views: [any LedgerView], onBacklog: (Int64) -> Void = { _ in }
    ) throws -> Ledger {
        if access(path, F_OK) != 0 {
            let unfinished = DurableFile.unfinishedPath(of: path)
            defer { for suffix in ["", "-wal", "-shm", "-journal"] { unlink(unfinished + suffix) } }
            try LedgerConnection.create(unfinished)
            let file = try Descriptor.open(unfinished, O_RDONLY)
            // SQLite gives the files beside it the same mode.
            try Sharing.around(path).settle(file, mode: 0o644)
            try file.synchronize()
            // Somebody else's, made meanwhile, is as good.
            guard link(unfinished, path) == 0 || errno == EEXIST else { throw SystemError("make the ledger", path) }
            try DurableFile.synchronizeDirectory(of: path)
        }
        return try open(at: path, views: views, onBacklog: onBacklog)
    }

    /// Opens a ledger, and brings the views up to date.
    /// - Parameters:
    ///   - readOnly: for users who may not write; views that lag behind are an error when they are read.
    ///   - onBacklog: told how many entries the views have yet to read, before they do.
    /// - Throws: `LedgerError.notFound`, `.newerFormat`, `.damaged`, …; `SystemError`.
    public static func open(
        at path: String, views: [any LedgerView], readOnly: Bool = false, onBacklog: (Int64) -> Void = { _ in }
    ) throws -> Ledger {
        if readOnly { return try openForReading(path, views) }
        let queue = try LedgerConnection.open(path, readOnly: false)
        let ledger = Ledger(path: path, queue: queue, views: views, isReadOnly: false)
        try ledger.bringViewsUpToDate(onBacklog)
        return ledger
    }

    /// Where there is no `-shm` and none can be made, nobody writes, and no locks are needed.
    private static func openForReading(_ path: String, _ views: [any LedgerView]) throws -> Ledger {
        do {
            let queue = try LedgerConnection.open(path, readOnly: true)
            return Ledger(path: path, queue: queue, views: views, isReadOnly: true)
        } catch LedgerError.unprepared {
            guard let quiet = QuietFiles(path) else { throw LedgerError.unprepared(path: path) }
            let queue = try LedgerConnection.open(quiet, path: path)
            return Ledger(path: path, queue: queue, views: views, isReadOnly: true, quiet: quiet)
        }
    }

    /// Whether every view reflects the latest entry. A reader who may not write can do nothing where one does not.
    public func areViewsCurrent() throws -> Bool {
        try look { try ViewTable(database: $0, path: path).firstBehind(of: views) == nil }
    }

    /// Reads in one snapshot.
    private func look<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try LedgerError.check(path) {
            let value = try queue.read(body)
            try quiet?.confirm()
            return value
        }
    }

    public func append(
        _ acts: [Act], by actor: Actor, clock: Timestamp, expecting heads: [Subject: Int64?] = [:]
    ) throws -> [Entry] {
        try LedgerError.check(path) {
            try queue.write { database in
                let table = EntryTable(database)
                for (subject, head) in heads where try table.head(of: subject) != head {
                    throw LedgerError.lostRace(subject)
                }
                let views = ViewTable(database: database, path: path)
                try views.bringUpToDate(self.views)
                let entries = try table.append(acts, by: actor, clock: clock, path: path)
                try views.apply(entries, to: self.views)
                return entries
            }
        }
    }

    public func entries(from sequence: Int64, limit: Int) throws -> [Entry] {
        try look { try EntryTable($0).lines(from: sequence, limit: limit) }.map { try $0.entry(path: path) }
    }

    public func head(of subject: Subject) throws -> Int64? {
        try look { try EntryTable($0).head(of: subject) }
    }

    public func waitForEntries(after sequence: Int64, timeout: Double) throws -> Bool {
        let deadline = ContinuousClock.now + .seconds(timeout)
        while try latest() <= sequence {
            guard ContinuousClock.now < deadline else { return false }
            usleep(20_000)
        }
        return true
    }

    /// The number of the latest entry; 0 where there is none.
    public func latest() throws -> Int64 {
        try look { try EntryTable($0).latest }
    }

    /// Reads the views in one snapshot, in which all of them reflect the latest entry.
    /// - Throws: what `body` throws; `LedgerError`.
    public func read<Value>(_ body: (ViewTransaction) throws -> Value) throws -> Value {
        while true {
            let value: Value? = try look { database in
                // Another process that knows fewer views may have appended.
                if let view = try ViewTable(database: database, path: path).firstBehind(of: views) {
                    guard !isReadOnly else { throw LedgerError.viewsBehind(path: path, view: view) }
                    return nil
                }
                return try body(ViewTransaction(database: database))
            }
            if let value { return value }
            try bringViewsUpToDate()
        }
    }

    /// Reads the file in one snapshot, whatever state the views are in.
    func inspect<Value>(_ body: (Database, [any LedgerView]) throws -> Value) throws -> Value {
        try look { try body($0, views) }
    }

    /// Changes what is made of the entries, in one transaction.
    func change(_ body: (Database, [any LedgerView]) throws -> Void) throws {
        try LedgerError.check(path) { try queue.write { try body($0, views) } }
    }

    /// Copies all pages, in one snapshot.
    func backUp(to target: Database) throws {
        try queue.use { try $0.backUp(to: target) }
        try quiet?.confirm()
    }

    private func bringViewsUpToDate(_ onBacklog: (Int64) -> Void = { _ in }) throws {
        try LedgerError.check(path) {
            let table = { (database: Database) in ViewTable(database: database, path: self.path) }
            let isCurrent = try queue.read {
                try EntryIndex($0).isThere && table($0).firstBehind(of: views) == nil
            }
            if isCurrent { return }
            onBacklog(try queue.read { try table($0).backlog(of: views) })
            try queue.write {
                try EntryIndex($0).make()
                try table($0).bringUpToDate(views)
            }
        }
    }
}
