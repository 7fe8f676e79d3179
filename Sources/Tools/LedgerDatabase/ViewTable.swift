import BakeModel

/// Which views there are, of which version, and the entry that each reflects; in one transaction.
struct ViewTable {
    let database: Database
    let path: String
    private static let chunk = 1000
    /// Behind so many entries, pages are kept in more memory, in KiB: rows come in no order of the indexes' own.
    private static let many = 10_000
    private static let cache = 128 << 10

    /// What the ledger knows of a view.
    private struct Standing {
        let version: Int64
        let entry: Int64
        let tables: [String]
    }

    /// The first view that does not reflect the latest entry; nil where all do.
    func firstBehind(of views: [any LedgerView]) throws -> String? {
        let latest = try EntryTable(database).latest
        return try views.first { view in
            guard let standing = try standing(of: view) else { return true }
            return standing.version < view.version || standing.entry < latest
        }?.name
    }

    /// How many entries have to be read until every view reflects the latest one.
    func backlog(of views: [any LedgerView]) throws -> Int64 {
        let latest = try EntryTable(database).latest
        return try views.map { view in
            guard let standing = try standing(of: view), standing.version == view.version else { return latest }
            return latest - standing.entry
        }.max() ?? 0
    }

    /// Makes every view reflect the latest entry; those that are new or of an older version are made again.
    func bringUpToDate(_ views: [any LedgerView]) throws {
        try follow(
            views.map { view in
                let standing = try standing(of: view)
                if let standing, standing.version == view.version { return (view, standing.entry) }
                try empty(view, instead: standing)
                return (view, 0)
            })
    }

    /// Makes views again from the first entry on, whatever state they are in.
    func remake(_ views: [any LedgerView]) throws {
        for view in views { try empty(view, instead: try standing(of: view)) }
        try follow(views.map { ($0, 0) })
    }

    /// Drops what an older version made, and what this one is going to make: the tables may be there although nothing says
    /// so any more.
    private func empty(_ view: any LedgerView, instead standing: Standing?) throws {
        let tables = try Self.tables(of: view)
        try drop((standing?.tables ?? []) + tables)
        try create(view, making: tables)
    }

    /// - Throws: `LedgerError.newerFormat` where a newer bake keeps the view.
    private func standing(of view: any LedgerView) throws -> Standing? {
        let found = try database.rows("SELECT version, entry, tables FROM views WHERE name = ?", [.text(view.name)]) {
            row in
            Standing(
                version: try row.integer(0), entry: try row.integer(1),
                tables: try row.text(2).split(separator: "\n").map(String.init))
        }
        guard let standing = found.first else { return nil }
        guard standing.version <= view.version else {
            throw LedgerError.newerFormat(
                path: path, what: "the view \(view.name)", found: standing.version, known: view.version)
        }
        return standing
    }

    /// Lets views that are up to date follow entries that were just appended.
    func apply(_ entries: [Entry], to views: [any LedgerView]) throws {
        guard let last = entries.last else { return }
        for view in views {
            try view.apply(entries, to: ViewTransaction(database: database))
            try note(view, reflects: last.sequence)
        }
    }

    /// Lets views that stand at different entries follow those after. Each entry is read and checked once, for all of them.
    private func follow(_ views: [(view: any LedgerView, entry: Int64)]) throws {
        guard let start = views.map(\.entry).min() else { return }
        let table = EntryTable(database)
        var reflected = start
        if try table.latest - start > Self.many { try database.execute("PRAGMA cache_size = -\(Self.cache)") }
        while true {
            let lines = try table.lines(from: reflected + 1, limit: Self.chunk)
            guard let last = lines.last else { break }
            let entries = try lines.map { try $0.entry(path: path) }
            for (view, known) in views {
                try view.apply(entries.filter { $0.sequence > known }, to: ViewTransaction(database: database))
            }
            reflected = last.sequence
        }
        for (view, known) in views where known < reflected { try note(view, reflects: reflected) }
    }

    private func note(_ view: any LedgerView, reflects entry: Int64) throws {
        try database.run("UPDATE views SET entry = ? WHERE name = ?", [.integer(entry), .text(view.name)])
    }

    /// Runs the schema, and remembers which tables it made: a later version may not know their names any more.
    private func create(_ view: any LedgerView, making tables: [String]) throws {
        try database.execute(view.schema)
        try database.run(
            "INSERT OR REPLACE INTO views (name, version, entry, tables) VALUES (?, ?, 0, ?)",
            [.text(view.name), .integer(view.version), .text(tables.joined(separator: "\n"))])
    }

    private func drop(_ tables: [String]) throws {
        for table in tables { try database.execute("DROP TABLE IF EXISTS \(Database.quoted(table))") }
    }

    private static func tables(of view: any LedgerView) throws -> [String] {
        let database = try Database(":memory:", .making)
        try database.execute(view.schema)
        return try database.tables
    }
}
