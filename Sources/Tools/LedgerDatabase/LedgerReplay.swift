import BakeModel

extension Ledger {
    /// Goes through the entries with a view beside them as it was before each, made anew from the entries alone: what the
    /// views that are kept say counts for nothing.
    /// - Parameter body: called for each entry before the view takes it. The transaction reads the view as it was then, the
    ///   entries before where it asks for what they say, and whatever entry by its number; heads are those of now.
    /// - Throws: `LedgerError.damaged` where an entry is not what was written.
    public func replay(_ view: any LedgerView, _ body: (Entry, ViewTransaction) throws -> Void) throws {
        let rebuilt = try RebuiltView(view, besideEntriesOf: databaseName)
        try inspect { database, _ in
            try walk(database) { lines in
                for line in lines { try rebuilt.replay(try line.entry(path: path), body) }
            }
        }
    }
}
