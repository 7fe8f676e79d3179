import BakeModel

/// The entries, wherever they are kept: appended, numbered from 1 without gaps, never changed.
///
/// The views over them are a function of the entries alone, so that the entries may lie on a shared server while each
/// machine keeps views of its own.
public protocol EntryLog: Sendable {
    /// Appends acts, all or none, durable when this returns.
    /// - Parameters:
    ///   - actor: who did it.
    ///   - clock: what the machine's clock says. The entries' time is never earlier than that of the entry before.
    ///   - heads: for each subject the number of its latest entry as the caller knows it; nil for a subject that no
    ///     entry has moved. Subjects that are not named may have moved.
    /// - Returns: the entries, in the order of the acts.
    /// - Throws: `LedgerError.lostRace` where a subject's head is another by now; nothing is appended then.
    func append(_ acts: [Act], by actor: Actor, clock: Timestamp, expecting heads: [Subject: Int64?]) throws -> [Entry]

    /// The entries from a number on, in order.
    /// - Parameter limit: at most so many are returned.
    func entries(from sequence: Int64, limit: Int) throws -> [Entry]

    /// The number of the latest entry that moved a subject; nil where none did.
    func head(of subject: Subject) throws -> Int64?

    /// Waits until there is an entry with a greater number.
    /// - Parameter timeout: seconds after which it gives up.
    /// - Returns: whether there is one.
    func waitForEntries(after sequence: Int64, timeout: Double) throws -> Bool
}

extension EntryLog {
    /// Gives away the entries from a number on, and up to another, in order; a page of them is in memory at a time.
    public func forEach(
        from first: Int64 = 1, through last: Int64 = .max, _ body: (Entry) throws -> Void
    ) throws {
        var next = first
        while next <= last, case let page = try entries(from: next, limit: 1000), let end = page.last {
            for entry in page where entry.sequence <= last { try body(entry) }
            next = end.sequence + 1
        }
    }
}
