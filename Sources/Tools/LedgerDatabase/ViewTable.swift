import BakeModel
import Foundation
import GRDB

/// Which views there are, of which version, and the entry that each reflects; in one transaction.
struct ViewTable {
    let database: Database
    let path: String
    private static let chunk = 1000

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

    /// Makes every view reflect the latest entry; those that are new or of an older version are made again.
    func bringUpToDate(_ views: [any LedgerView]) throws {
        for view in views {
            let standing = try standing(of: view)
            if let standing, standing.version == view.version {
                try apply(entriesAfter: standing.entry, to: view)
            } else {
                try remake(view, instead: standing)
            }
        }
    }

    /// Makes views again from the first entry on, whatever state they are in.
    func remake(_ views: [any LedgerView]) throws {
        for view in views { try remake(view, instead: try standing(of: view)) }
    }

    private func remake(_ view: any LedgerView, instead standing: Standing?) throws {
        try drop(standing?.tables ?? [])
        try create(view)
        try apply(entriesAfter: 0, to: view)
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
            for entry in entries { try view.apply(entry, to: ViewTransaction(database: database)) }
            try note(view, reflects: last.sequence)
        }
    }

    private func apply(entriesAfter entry: Int64, to view: any LedgerView) throws {
        let table = EntryTable(database)
        var reflected = entry
        while true {
            let lines = try table.lines(from: reflected + 1, limit: Self.chunk)
            guard let last = lines.last else { break }
            for line in lines { try view.apply(try line.entry(path: path), to: ViewTransaction(database: database)) }
            reflected = last.sequence
        }
        if reflected > entry { try note(view, reflects: reflected) }
    }

    private func note(_ view: any LedgerView, reflects entry: Int64) throws {
        try database.cachedStatement(sql: "UPDATE views SET entry = ? WHERE name = ?")
            .execute(arguments: [entry, view.name])
    }

    /// Runs the schema, and remembers which tables it made: a later version may not know their names any more.
    private func create(_ view: any LedgerView) throws {
        let before = try tables()
        try database.execute(sql: view.schema)
        let made = try tables().subtracting(before).sorted()
        try database.execute(
            sql: "INSERT OR REPLACE INTO views (name, version, entry, tables) VALUES (?, ?, 0, ?)",
            arguments: [view.name, view.version, made.joined(separator: "\n")])
    }

    private func drop(_ tables: [String]) throws {
        for table in tables { try database.execute(sql: "DROP TABLE IF EXISTS \(table.quotedDatabaseIdentifier)") }
    }

    private func tables() throws -> Set<String> {
        try String.fetchSet(database, sql: "SELECT name FROM sqlite_schema WHERE type = 'table'")
    }
}
