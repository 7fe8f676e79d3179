import BakeModel

extension Ledger {
    /// Makes every view, and the heads of all subjects and the index, again from the entries. The entries themselves are never touched.
    /// - Throws: `LedgerError.damaged` where an entry is not what was written; nothing is changed then.
    public func rebuildViews() throws {
        try change { database, views in
            try database.execute("DELETE FROM heads")
            try EntryTable(database).rebuildHeads(path: path)
            try EntryIndex(database).remake()
            try ViewTable(database: database, path: path).remake(views)
        }
    }
}
