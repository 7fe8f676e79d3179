import BakeModel
import CSQLiteShims
import Foundation
import GRDB
import GRDBSQLite
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
        return try open(path, path: path, configuration(readOnly: readOnly))
    }

    /// Opens a ledger that nobody else has open, to be read without locks.
    static func open(_ files: QuietFiles, path: String) throws -> DatabaseQueue {
        try open(files.name, path: path, configuration(readOnly: true, isAlone: true))
    }

    private static func open(_ name: String, path: String, _ configuration: Configuration) throws -> DatabaseQueue {
        try LedgerError.check(path) {
            let queue = try DatabaseQueue(path: name, configuration: configuration)
            try queue.inDatabase { database in
                try assertKind(database, path: path)
                if !configuration.readonly { try assertDurability(database, path: path) }
            }
            return queue
        }
    }

    /// Makes an empty ledger under a name of its own, so that the right name never stands for half a ledger.
    static func create(_ path: String) throws {
        try LedgerError.check(path) {
            let queue = try DatabaseQueue(path: path, configuration: configuration(readOnly: false, keepsLog: false))
            try queue.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    try database.execute(sql: EntryTable.schema)
                    try database.execute(sql: "PRAGMA application_id = \(applicationID)")
                    try database.execute(sql: "PRAGMA user_version = \(format)")
                    return .commit
                }
                // Last, so that all of it lies in the file itself: the end of a connection moves the log into the file,
                // but says nothing where that fails.
                try database.execute(sql: "PRAGMA journal_mode = WAL")
            }
            try queue.close()
        }
    }

    /// Makes a finished ledger keep its log, as `create` does.
    static func keepLog(_ path: String) throws {
        try LedgerError.check(path) {
            let queue = try DatabaseQueue(path: path)
            try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
            try queue.close()
        }
    }

    private static func configuration(readOnly: Bool, keepsLog: Bool = true, isAlone: Bool = false) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readOnly
        configuration.busyMode = .timeout(patience)
        configuration.prepareDatabase { database in
            // Before the first access: then SQLite keeps the log's index in memory of its own, and needs no `-shm`.
            if isAlone { try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE") }
            // Measured: with NORMAL 2,872 of 63,649 acknowledged commits were lost over power cuts, with FULL none.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            if keepsLog && !readOnly { try keepLog(database) }
        }
        return configuration
    }

    /// Leaves `-wal` and `-shm` behind at the end: a reader who may not write to the directory could not make them, and
    /// so could not open the ledger while nobody else has it open. Source: sqlite.org/wal.html, "Read-Only Databases".
    private static func keepLog(_ database: Database) throws {
        var yes: CInt = 1
        _ = sqlite3_file_control(database.sqliteConnection, nil, SQLITE_FCNTL_PERSIST_WAL, &yes)
        try database.execute(sql: "PRAGMA journal_size_limit = 0")
    }

    /// Says what becomes of the log when a connection closes: a short one stays, a longer one is moved into the file and
    /// emptied, as everybody who comes would read all of it.
    static func settleLog(of queue: DatabaseQueue, path: String) {
        var status = stat()
        let isLong = stat("\(path)-wal", &status) == 0 && status.st_size > shortLog
        queue.inDatabase { database in
            guard let connection = database.sqliteConnection else { return }
            // Refused, it is emptied, which is right, too.
            _ = csqliteshims_checkpoint_at_close(UnsafeMutableRawPointer(connection), isLong ? 1 : 0)
        }
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
        try Int64.fetchOne(database, sql: "PRAGMA \(pragma)")
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
            try String.fetchOne(database, sql: "PRAGMA journal_mode") == "wal"
        else { throw LedgerError.refused(path: path, detail: "SQLite did not take the settings that make it durable") }
    }
}
