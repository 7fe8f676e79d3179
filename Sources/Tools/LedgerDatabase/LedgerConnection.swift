import BakeModel
import Glibc
import LinuxSystem

/// How the ledger's file is opened: everything that durability hangs on is set here, and asserted.
enum LedgerConnection {
    /// "bake", so that file(1) and other programs can tell.
    static let applicationID: Int64 = 0x6261_6b65
    /// The format that this bake writes; it refuses newer ones.
    static let format: Int64 = 1
    /// Seconds to wait while others write.
    static let patience: Double = 30
    /// Bytes of a log that stays as it is. Whoever comes next reads it once (0.2 ms); emptying it waits four times for the
    /// disk, and beginning it anew waits once more.
    static let shortLog: off_t = 256 << 10

    /// Opens a ledger that is there.
    static func open(_ path: String, readOnly: Bool) throws -> DatabaseQueue {
        try refuseOddFiles(path)
        return try LedgerError.check(path) {
            let database = try Database(path, readOnly ? .reading : .writing, patience: patience)
            try settle(database)
            if !readOnly { try keepLog(database) }
            try assertKind(database, path: path)
            if !readOnly { try assertDurability(database, path: path) }
            return DatabaseQueue(database)
        }
    }

    /// Opens a ledger that nobody else has open, to be read without locks.
    static func open(_ files: QuietFiles, path: String) throws -> DatabaseQueue {
        try LedgerError.check(path) {
            let database = try Database(files.name, .reading, isURI: true, patience: patience)
            // Before the first access: then SQLite keeps the log's index in memory of its own, and needs no `-shm`.
            try database.execute("PRAGMA locking_mode = EXCLUSIVE")
            try settle(database)
            try assertKind(database, path: path)
            return DatabaseQueue(database)
        }
    }

    /// Makes an empty ledger under a name of its own, so that the right name never stands for half a ledger.
    static func create(_ path: String) throws {
        try LedgerError.check(path) {
            let database = try Database(path, .making, patience: patience)
            try settle(database)
            try database.transaction(.immediate) {
                try database.execute(EntryTable.schema)
                try database.execute("PRAGMA application_id = \(applicationID)")
                try database.execute("PRAGMA user_version = \(format)")
            }
            // Last, so that all of it lies in the file itself: the end of a connection moves the log into the file,
            // but says nothing where that fails.
            try database.execute("PRAGMA journal_mode = WAL")
        }
    }

    /// Makes a finished ledger keep its log, as `create` does.
    static func keepLog(_ path: String) throws { try journal(path, mode: "WAL") }

    /// Gathers a ledger in its one file, with nothing beside it. Fails where somebody has it open.
    static func dropLog(_ path: String) throws { try journal(path, mode: "DELETE") }

    private static func journal(_ path: String, mode: String) throws {
        try LedgerError.check(path) { try Database(path, .writing).execute("PRAGMA journal_mode = \(mode)") }
    }

    private static func settle(_ database: Database) throws {
        try database.execute("PRAGMA foreign_keys = ON")
        // Measured: with NORMAL 2,872 of 63,649 acknowledged commits were lost over power cuts, with FULL none.
        try database.execute("PRAGMA synchronous = FULL")
    }

    /// Leaves `-wal` and `-shm` behind at the end: a reader who may not write to the directory could not make them, and
    /// so could not open the ledger while nobody else has it open. Source: sqlite.org/wal.html, "Read-Only Databases".
    private static func keepLog(_ database: Database) throws {
        database.keepLogFiles()
        try database.execute("PRAGMA journal_size_limit = 0")
    }

    /// Says what becomes of the log when a connection closes: a short one stays, a longer one is moved into the file and
    /// emptied, as everybody who comes would read all of it.
    static func settleLog(of database: Database, path: String) {
        var status = stat()
        database.checkpointAtClose(stat("\(path)-wal", &status) == 0 && status.st_size > shortLog)
    }

    /// A symbolic link, a pipe or a directory is no ledger; a missing file is not silently made.
    private static func refuseOddFiles(_ path: String) throws {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { throw LedgerError.notFound(path: path) }
            throw SystemError("open the ledger", path)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw LedgerError.damaged(path: path, detail: "it is no regular file")
        }
        guard access(path, R_OK) == 0 else { throw SystemError("read the ledger", path) }
    }

    private static func number(_ pragma: String, _ database: Database) throws -> Int64? {
        try database.integers("PRAGMA \(pragma)").first
    }

    private static func assertKind(_ database: Database, path: String) throws {
        guard try number("application_id", database) == applicationID else {
            throw LedgerError.damaged(path: path, detail: "it is no ledger of bake")
        }
        let found = try number("user_version", database) ?? 0
        guard found <= format else {
            throw LedgerError.newerFormat(path: path, what: "the ledger", found: found, known: format)
        }
    }

    private static func assertDurability(_ database: Database, path: String) throws {
        guard try number("synchronous", database) == 2, try number("foreign_keys", database) == 1,
            try database.texts("PRAGMA journal_mode") == ["wal"]
        else { throw LedgerError.refused(path: path, detail: "SQLite did not take the settings that make it durable") }
    }
}
