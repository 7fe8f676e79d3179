import BakeModel

extension ViewTransaction {
    /// An entry by number, in this snapshot.
    /// - Throws: `LedgerError.damaged` where it is missing or cannot be read.
    public func entry(_ sequence: Int64) throws -> Entry {
        let path = "entry \(sequence)"
        guard let line = try EntryTable(database).lines(from: sequence, limit: 1).first, line.sequence == sequence
        else { throw LedgerError.damaged(path: path, detail: "it is missing") }
        return try line.entry(path: path)
    }
}
