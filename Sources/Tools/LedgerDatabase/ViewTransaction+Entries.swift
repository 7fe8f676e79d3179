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

    /// The entries of a kind, in their order: asked of the entries, so that no change of a view's table hides one.
    /// - Parameters:
    ///   - subject: the first that they move; nil where it may be any.
    ///   - first: the number from which on they stand.
    ///   - texts: only those in whose lines one of them stands; all where there are none.
    /// - Throws: `LedgerError.damaged`, `DamagedEntry`.
    public func entries<Act: RecordedAct>(
        _ kind: Act.Type, of subject: Subject?, from first: Int64 = 1, mentioning texts: [String] = []
    ) throws -> [(act: Act, entry: Entry)] {
        guard first <= horizon else { return [] }
        return try found(
            kind, EntryQuestion(kind: Act.kind, subject: subject, range: first...horizon, mentioned: texts))
    }

    /// The latest entry of a kind whose first subject is one; nil where there is none.
    /// - Parameter last: none after this one counts.
    /// - Throws: as `entries`.
    public func latest<Act: RecordedAct>(
        _ kind: Act.Type, of subject: Subject, through last: Int64 = .max
    ) throws -> (act: Act, entry: Entry)? {
        let last = min(last, horizon)
        guard last > 0 else { return nil }
        return try found(kind, EntryQuestion(kind: Act.kind, extent: .latest, subject: subject, range: 1...last)).first
    }

    /// The latest entry of a kind of each first subject, in their order.
    /// - Throws: as `entries`.
    public func latestOfEach<Act: RecordedAct>(_ kind: Act.Type) throws -> [(act: Act, entry: Entry)] {
        guard horizon > 0 else { return [] }
        return try found(kind, EntryQuestion(kind: Act.kind, extent: .latestOfEachSubject, range: 1...horizon))
    }

    private func found<Act: RecordedAct>(
        _ kind: Act.Type, _ question: EntryQuestion
    ) throws -> [(act: Act, entry: Entry)] {
        try EntryIndex(database).numbers(question).map { number in
            let entry = try entry(number)
            guard let act = try Act(entry), act.subjects == entry.act.subjects else {
                throw LedgerError.damaged(path: "entry \(number)", detail: "what it says is not what it is about")
            }
            return (act, entry)
        }
    }
}
