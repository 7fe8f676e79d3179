import BakeModel
import GRDB

/// A view made anew, to be compared with the one that is kept.
struct RebuiltView {
    private let view: any LedgerView
    private let queue: DatabaseQueue
    /// Bytes of a view that are kept in memory.
    private static let cache = 32 << 20
    /// Why it could not be made; then there is nothing to compare.
    private var failure: String?

    /// One transaction goes from here to the end: committing each change took two fifths of a verification, since SQLite
    /// looks through all pages that it has in memory.
    /// - Parameter original: the ledger whose entries can be read beside the view; nil where none need be.
    init(_ view: any LedgerView, besideEntriesOf original: (name: String, isAlone: Bool)? = nil) throws {
        self.view = view
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        // An empty path is a file without a name below TMPDIR, where the pages go that the cache has no room for: the views of
        // a million entries would take a gigabyte of memory.
        queue = try DatabaseQueue(path: "", configuration: configuration)
        try queue.inDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA cache_size = -\(Self.cache >> 10)")
            if let original {
                // Before it is attached: then the log's index is kept in memory, and needs no file of its own.
                if original.isAlone { try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE") }
                try database.execute(sql: "ATTACH DATABASE ? AS original", arguments: [original.name])
            }
            // Deferred: an immediate one would lock the ledger that is attached against its writers.
            try database.beginTransaction(.deferred)
            try database.execute(sql: view.schema)
        }
    }

    /// Applies the next entries. Behind one that is damaged (nil) the view cannot be known.
    /// - Throws: `LedgerError.crowded`.
    mutating func apply(_ entries: [Entry?]) throws {
        guard failure == nil, let first = entries.first else { return }
        let sound = entries.prefix { $0 != nil }.compactMap(\.self)
        failure = try queue.inDatabase { database in
            do { try view.apply(sound, to: ViewTransaction(database: database)) } catch {
                try Self.confirmRoom(error)
                let reason = (error as? any ExplainedError)?.reason ?? "\(error)"
                return "one of \(entries.count) entries from \(first?.sequence ?? 0) on cannot be applied: \(reason)"
            }
            return sound.count < entries.count ? "it cannot be made again from damaged entries" : nil
        }
    }

    /// Gives the next entry away, and applies it then.
    func replay(_ entry: Entry, _ body: (Entry, ViewTransaction) throws -> Void) throws {
        try queue.inDatabase { database in
            try body(entry, ViewTransaction(database: database, horizon: entry.sequence - 1))
            do { try view.apply(entry, to: ViewTransaction(database: database)) } catch {
                try Self.confirmRoom(error)
                throw error
            }
        }
    }

    /// That a view had no room says nothing of the ledger.
    private static func confirmRoom(_ error: any Error) throws(LedgerError) {
        if (error as? DatabaseError)?.resultCode == .SQLITE_FULL { throw .crowded }
    }

    /// How the kept view differs: its standing first, then its tables.
    func differences(from database: Database) throws -> [LedgerFinding] {
        if let failure { return [finding(failure)] }
        let standing = try Row.fetchOne(
            database, sql: "SELECT version, entry FROM views WHERE name = ?", arguments: [view.name])
        // A view of another version, or one that was never read, is made again by the next writer.
        guard let standing, try standing.decode(Int64.self, forColumn: "version") == view.version,
            try standing.decode(Int64.self, forColumn: "entry") == EntryTable(database).latest
        else { return [] }
        return try queue.inDatabase { own in
            try String.fetchAll(own, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
                .filter { try !Self.agree(on: $0, own, database) }
                .map { finding("its table \($0) is not what the entries make") }
        }
    }

    private static func agree(on table: String, _ one: Database, _ other: Database) throws -> Bool {
        guard try other.tableExists(table) else { return false }
        let columns = try one.columns(in: table).map(\.name.quotedDatabaseIdentifier).joined(separator: ", ")
        guard try other.columns(in: table).map(\.name.quotedDatabaseIdentifier).joined(separator: ", ") == columns
        else { return false }
        let sql = "SELECT \(columns) FROM \(table.quotedDatabaseIdentifier) ORDER BY \(columns)"
        let (left, right) = (try Row.fetchCursor(one, sql: sql), try Row.fetchCursor(other, sql: sql))
        while true {
            let (row, twin) = (try left.next(), try right.next())
            guard let row, let twin else { return row == nil && twin == nil }
            guard row == twin else { return false }
        }
    }

    private func finding(_ explanation: String) -> LedgerFinding {
        LedgerFinding(.view, "the view \(view.name): \(explanation)")
    }
}
