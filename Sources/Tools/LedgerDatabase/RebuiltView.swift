import BakeModel
import CSQLiteShims

/// A view made anew, to be compared with the one that is kept.
struct RebuiltView {
    private let view: any LedgerView
    private let database: Database
    /// Bytes of a view that are kept in memory.
    private static let cache = 32 << 20
    /// Why it could not be made; then there is nothing to compare.
    private var failure: String?

    /// One transaction goes from here to the end: committing each change took two fifths of a verification, since SQLite
    /// looks through all pages that it has in memory.
    /// - Parameter original: the ledger whose entries can be read beside the view; nil where none need be.
    init(_ view: any LedgerView, besideEntriesOf original: (name: String, isAlone: Bool)? = nil) throws {
        self.view = view
        // A file without a name, where the pages go that the cache has no room for: the views of a million entries would take
        // a gigabyte of memory.
        database = try Database("", .making, isURI: original?.isAlone ?? false)
        try database.execute("PRAGMA journal_mode = OFF; PRAGMA cache_size = -\(Self.cache >> 10)")
        if let original {
            // Before it is attached: then the log's index is kept in memory, and needs no file of its own.
            if original.isAlone { try database.execute("PRAGMA locking_mode = EXCLUSIVE") }
            try database.run("ATTACH DATABASE ? AS original", [.text(original.name)])
        }
        // Deferred: an immediate one would lock the ledger that is attached against its writers.
        try database.execute("BEGIN DEFERRED")
        try database.execute(view.schema)
    }

    /// Applies the next entries. Behind one that is damaged (nil) the view cannot be known.
    /// - Throws: `LedgerError.crowded`.
    mutating func apply(_ entries: [Entry?]) throws {
        guard failure == nil, let first = entries.first else { return }
        let sound = entries.prefix { $0 != nil }.compactMap(\.self)
        do { try view.apply(sound, to: ViewTransaction(database: database)) } catch {
            try Self.confirmRoom(error)
            let reason = (error as? any ExplainedError)?.reason ?? "\(error)"
            failure = "one of \(entries.count) entries from \(first?.sequence ?? 0) on cannot be applied: \(reason)"
            return
        }
        if sound.count < entries.count { failure = "it cannot be made again from damaged entries" }
    }

    /// Gives the next entry away, and applies it then.
    func replay(_ entry: Entry, _ body: (Entry, ViewTransaction) throws -> Void) throws {
        try body(entry, ViewTransaction(database: database, horizon: entry.sequence - 1))
        do { try view.apply(entry, to: ViewTransaction(database: database)) } catch {
            try Self.confirmRoom(error)
            throw error
        }
    }

    /// That a view had no room says nothing of the ledger.
    private static func confirmRoom(_ error: any Error) throws(LedgerError) {
        if (error as? SQLiteError)?.result == SQLITE_FULL { throw .crowded }
    }

    /// How the kept view differs: its standing first, then its tables.
    func differences(from kept: Database) throws -> [LedgerFinding] {
        if let failure { return [finding(failure)] }
        let standing = try kept.rows("SELECT version, entry FROM views WHERE name = ?", [.text(view.name)]) { row in
            (version: try row.integer(0), entry: try row.integer(1))
        }.first
        // A view of another version, or one that was never read, is made again by the next writer.
        guard let standing, standing.version == view.version, standing.entry == (try EntryTable(kept).latest) else {
            return []
        }
        return try database.tables.filter { try !agrees(on: $0, with: kept) }
            .map { finding("its table \($0) is not what the entries make") }
    }

    private func agrees(on table: String, with kept: Database) throws -> Bool {
        let columns = try database.columns(of: table)
        guard try kept.columns(of: table) == columns else { return false }
        let names = columns.map(Database.quoted).joined(separator: ", ")
        let sql = "SELECT \(names) FROM \(Database.quoted(table)) ORDER BY \(names)"
        let (own, other) = (try database.cursor(sql), try kept.cursor(sql))
        while try own.step() {
            guard try other.step(), own.agrees(with: other) else { return false }
        }
        return try !other.step()
    }

    private func finding(_ explanation: String) -> LedgerFinding {
        LedgerFinding(.view, "the view \(view.name): \(explanation)")
    }
}
