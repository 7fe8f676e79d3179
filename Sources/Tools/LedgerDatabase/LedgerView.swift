import BakeModel

/// Tables that are a function of the entries: kept with every append, in the same transaction, and made again from the
/// entries whenever the function has changed.
public protocol LedgerView: Sendable {
    /// What the ledger knows it by.
    var name: String { get }
    /// Grows whenever `schema` or `apply` change; then the tables are made again.
    var version: Int64 { get }
    /// The `CREATE TABLE` and `CREATE INDEX` statements, separated by semicolons. Tables should be STRICT.
    var schema: String { get }
    /// Writes down what an entry changes. Called once for each entry, in order; it reads and writes its own tables
    /// only, because at a rebuild the other views stand elsewhere.
    func apply(_ entry: Entry, to transaction: ViewTransaction) throws
    /// Writes down what entries change that follow one another; each by itself where a view says nothing of many.
    func apply(_ entries: [Entry], to transaction: ViewTransaction) throws
}

extension LedgerView {
    public func apply(_ entries: [Entry], to transaction: ViewTransaction) throws {
        for entry in entries { try apply(entry, to: transaction) }
    }
}

/// A transaction on the views: one snapshot, or one change that happens as a whole. Valid during the call that hands it
/// out.
public struct ViewTransaction {
    let database: Database
    /// The last entry that is looked at where entries are asked for by what they say.
    var horizon = Int64.max

    /// Runs a statement.
    /// - Parameter arguments: what its `?` stand for.
    public func execute(_ sql: String, _ arguments: [LedgerValue] = []) throws {
        try database.run(sql, arguments)
    }

    /// Runs a query.
    /// - Parameter arguments: what its `?` stand for.
    public func rows(_ sql: String, _ arguments: [LedgerValue] = []) throws -> [LedgerRow] {
        try database.rows(sql, arguments, LedgerRow.init)
    }

    /// Runs a query for its first row; nil where it has none.
    public func row(_ sql: String, _ arguments: [LedgerValue] = []) throws -> LedgerRow? {
        try rows(sql, arguments).first
    }

    /// The number of the latest entry that moved a subject, in this snapshot; nil where none did. What is decided from
    /// the snapshot is appended `expecting` this.
    public func head(of subject: Subject) throws -> Int64? { try EntryTable(database).head(of: subject) }

    /// The number of the latest entry; 0 where there is none.
    public var latest: Int64 { get throws { try EntryTable(database).latest } }
}
