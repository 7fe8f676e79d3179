import BakeModel
import Foundation
import GRDB

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
        let statement = try database.cachedStatement(sql: "SELECT version, entry, tables FROM views WHERE name = ?")
        guard let row = try Row.fetchOne(statement, arguments: [view.name]) else { return nil }
        let standing = Standing(
            version: try row.decode(forColumn: "version"), entry: try row.decode(forColumn: "entry"),
            tables: try row.decode(String.self, forColumn: "tables").split(separator: "\n").map(String.init))
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
        if try table.latest - start > Self.many { try database.execute(sql: "PRAGMA cache_size = -\(Self.cache)") }
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
        try database.cachedStatement(sql: "UPDATE views SET entry = ? WHERE name = ?")
            .execute(arguments: [entry, view.name])
    }

    /// Runs the schema, and remembers which tables it made: a later version may not know their names any more.
    private func create(_ view: any LedgerView, making tables: [String]) throws {
        try database.execute(sql: view.schema)
        try database.execute(
            sql: "INSERT OR REPLACE INTO views (name, version, entry, tables) VALUES (?, ?, 0, ?)",
            arguments: [view.name, view.version, tables.joined(separator: "\n")])
    }

    private func drop(_ tables: [String]) throws {
        for table in tables { try database.execute(sql: "DROP TABLE IF EXISTS \(table.quotedDatabaseIdentifier)") }
    }

    private static func tables(of view: any LedgerView) throws -> [String] {
        try DatabaseQueue().write { database in
            try database.execute(sql: view.schema)
            return try String.fetchAll(
                database, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        }
    }
}
