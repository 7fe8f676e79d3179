import LinuxSystem

/// A connection that threads use one at a time.
final class DatabaseQueue: @unchecked Sendable {
    // `turn` gives `database` to one thread at a time, and those who had it keep nothing of it: all that SQLite asks for without
    // locks of its own. Source: sqlite.org/threadsafe.html, "Multi-thread".
    private let turn = Monitor(())
    private let database: Database

    init(_ database: Database) { self.database = database }

    /// Uses the connection as it is.
    func use<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try turn.withLock { _ in try body(database) }
    }

    /// Reads in one snapshot. SQLite refuses to change anything meanwhile.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try use { database in
            try database.run("PRAGMA query_only = 1")
            defer { try? database.run("PRAGMA query_only = 0") }
            return try database.transaction(.deferred) { try body(database) }
        }
    }

    /// Changes what is there, all or nothing, with nobody else writing meanwhile.
    func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try use { database in try database.transaction(.immediate) { try body(database) } }
    }
}
