import CSQLiteShims

/// A connection to a file of SQLite, for one thread at a time.
final class Database {
    /// What the file may be used for.
    enum Access {
        case reading, writing
        /// Writing, where there may be no file yet.
        case making

        fileprivate var flags: Int32 {
            switch self {
            case .reading: SQLITE_OPEN_READONLY
            case .writing: SQLITE_OPEN_READWRITE
            case .making: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            }
        }
    }

    private let handle: OpaquePointer
    private var statements: [String: Statement] = [:]

    /// Opens a file. What it holds is not looked at yet.
    /// - Parameters:
    ///   - name: its path; an empty one is a file without a name below $TMPDIR, which goes with the connection.
    ///   - isURI: whether names, of files attached later, too, may be `file:…`, sqlite.org/uri.html.
    ///   - patience: seconds to wait while others have the file locked.
    init(_ name: String, _ access: Access, isURI: Bool = false, patience: Double = 0) throws(SQLiteError) {
        var handle: OpaquePointer?
        // NOMUTEX: one thread at a time, so SQLite need not lock for each value. EXRESCODE: failures are told apart.
        let flags = access.flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | (isURI ? SQLITE_OPEN_URI : 0)
        let code = sqlite3_open_v2(name, &handle, flags, nil)
        guard code == SQLITE_OK, let handle else {
            let message = String(cString: handle.map { sqlite3_errmsg($0) } ?? sqlite3_errstr(code))
            sqlite3_close_v2(handle)
            throw .refused(code: code, message: message)
        }
        self.handle = handle
        sqlite3_busy_timeout(handle, Int32(clamping: Int64(patience * 1000)))
    }

    deinit {
        // Before the connection: with a statement left it would stay open.
        statements = [:]
        sqlite3_close_v2(handle)
    }

    /// Runs statements that are separated by semicolons.
    func execute(_ sql: String) throws(SQLiteError) { try confirm(sqlite3_exec(handle, sql, nil, nil, nil)) }

    /// Runs one statement to its end. It is kept, compiled, for the next time.
    /// - Parameter values: what its `?` stand for.
    func run(_ sql: String, _ values: [LedgerValue] = []) throws(SQLiteError) {
        let statement = try statement(sql)
        defer { statement.end() }
        try statement.begin(values)
        while try statement.step() {}
    }

    /// Runs a query. It is kept, compiled, for the next time.
    /// - Parameters:
    ///   - values: what its `?` stand for.
    ///   - read: takes a row from the statement that stands at it; it asks the connection for nothing.
    func rows<Row>(
        _ sql: String, _ values: [LedgerValue] = [], _ read: (Statement) throws -> Row
    ) throws -> [Row] {
        let statement = try statement(sql)
        defer { statement.end() }
        try statement.begin(values)
        var rows: [Row] = []
        while try statement.step() { rows.append(try read(statement)) }
        return rows
    }

    /// The first column of all rows.
    func integers(_ sql: String, _ values: [LedgerValue] = []) throws -> [Int64] {
        try rows(sql, values) { try $0.integer(0) }
    }

    /// The first column of all rows.
    func texts(_ sql: String, _ values: [LedgerValue] = []) throws -> [String] {
        try rows(sql, values) { try $0.text(0) }
    }

    /// A statement of one's own, at its beginning.
    func cursor(_ sql: String) throws(SQLiteError) -> Statement { try Statement(sql, in: handle, isKept: false) }

    /// The names of its tables, sorted.
    var tables: [String] {
        get throws { try texts("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name") }
    }

    /// The columns of a table, in their order; none where there is no such table.
    func columns(of table: String) throws -> [String] {
        try texts("SELECT name FROM pragma_table_info(?) ORDER BY cid", [.text(table)])
    }

    /// A name as SQL spells it, whatever is in it.
    static func quoted(_ name: String) -> String {
        "\"\(name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
    }

    private func statement(_ sql: String) throws(SQLiteError) -> Statement {
        if let known = statements[sql] { return known }
        let statement = try Statement(sql, in: handle)
        statements[sql] = statement
        return statement
    }

    private func confirm(_ code: Int32) throws(SQLiteError) {
        if code != SQLITE_OK { throw .refused(code: code, message: String(cString: sqlite3_errmsg(handle))) }
    }
}

extension Database {
    /// When a transaction takes its lock.
    enum Locking: String {
        /// With the first statement, and one for reading where that only reads.
        case deferred = "DEFERRED"
        /// At once, and one for writing: what is read in it stays true until it ends.
        case immediate = "IMMEDIATE"
    }

    /// Works in a transaction: all of it happens, or nothing.
    func transaction<Value>(_ locking: Locking, _ body: () throws -> Value) throws -> Value {
        try execute("BEGIN \(locking.rawValue)")
        do {
            let value = try body()
            try execute("COMMIT")
            return value
        } catch {
            // SQLite itself has rolled some failures back.
            if sqlite3_get_autocommit(handle) == 0 { try? execute("ROLLBACK") }
            throw error
        }
    }

    /// Copies all pages into another database, in one snapshot.
    func backUp(to target: Database) throws(SQLiteError) {
        guard let backup = sqlite3_backup_init(target.handle, "main", handle, "main") else {
            throw .refused(
                code: sqlite3_extended_errcode(target.handle), message: String(cString: sqlite3_errmsg(target.handle)))
        }
        let code = sqlite3_backup_step(backup, -1)
        // A file that is locked is no failure for it.
        let end = sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE, end == SQLITE_OK else {
            let failure = code == SQLITE_DONE ? end : code
            throw .refused(code: failure, message: String(cString: sqlite3_errstr(failure)))
        }
    }

    /// Leaves `-wal` and `-shm` behind at the end.
    func keepLogFiles() {
        var yes: CInt = 1
        // Refused, others make them anew.
        sqlite3_file_control(handle, nil, SQLITE_FCNTL_PERSIST_WAL, &yes)
    }

    /// Says whether the log is moved into the file and emptied where this is the last connection that closes.
    func checkpointAtClose(_ isWanted: Bool) {
        // Refused, it is emptied, which is right, too.
        csqliteshims_checkpoint_at_close(handle, isWanted ? 1 : 0)
    }
}
