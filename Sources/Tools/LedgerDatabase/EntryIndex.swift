import BakeModel

/// The entries by kind and by the first of the subjects that they move.
///
/// SQLite keeps it with the entries themselves: nobody takes a line out of it who leaves the entry, as they could with one
/// statement from a table of a view. One that is gone makes answers slow, and not wrong.
struct EntryIndex {
    private let database: Database
    private static let name = "entries_by_subject"
    static let schema = """
        CREATE INDEX \(name) ON entries (\(EntryQuestion.kind), \(EntryQuestion.subject)) WHERE \(EntryQuestion.readable)
        """

    init(_ database: Database) { self.database = database }

    /// Whether SQLite complains of it, and of nothing else: `row 3 missing from index entries_by_subject`.
    static func isMeant(by complaint: String) -> Bool { complaint.hasSuffix(" index \(name)") }

    /// Whether it is there, and no other one by its name.
    var isThere: Bool {
        get throws {
            try database.texts("SELECT sql FROM sqlite_schema WHERE name = ?", [.text(Self.name)]) == [Self.schema]
        }
    }

    /// Makes it where it is not there: an older bake made the ledger, or somebody changed it.
    func make() throws { if try !isThere { try remake() } }

    /// Makes it again, whatever is there.
    func remake() throws {
        try database.execute("DROP INDEX IF EXISTS \(Self.name)")
        try database.execute(Self.schema)
    }

    /// The numbers of the entries that a question means, in their order.
    func numbers(_ question: EntryQuestion) throws -> [Int64] {
        try database.integers(question.sql, question.values).sorted()
    }
}

/// A question about entries: of a kind, and what else must hold.
struct EntryQuestion {
    /// How many entries are meant.
    enum Extent: Hashable, CaseIterable {
        case all, latest, latestOfEachSubject
    }

    static let readable = "json_valid(line)"
    static let kind = "json_extract(line, '$.kind')"
    static let subject = "json_extract(line, '$.subjects[0]')"

    let kind: String
    var extent = Extent.all
    /// The first of the subjects; nil where it may be any.
    var subject: Subject?
    /// Where they stand.
    var range: ClosedRange<Int64> = 1...Int64.max
    /// One of these texts stands in the line; any line will do where there are none.
    var mentioned: [String] = []

    /// The question as SQL.
    var sql: String {
        let found = extent == .latestOfEachSubject ? "max(sequence)" : "sequence"
        var terms = [Self.readable, "\(Self.kind) = ?", "sequence BETWEEN ? AND ?"]
        if subject != nil { terms.append("\(Self.subject) = ?") }
        if !mentioned.isEmpty {
            terms.append("(\(mentioned.map { _ in "instr(line, ?)" }.joined(separator: " OR ")))")
        }
        let end =
            switch extent {
            case .all: ""
            case .latest: " ORDER BY sequence DESC LIMIT 1"
            case .latestOfEachSubject: " GROUP BY \(Self.subject)"
            }
        return "SELECT \(found) FROM entries WHERE \(terms.joined(separator: " AND "))\(end)"
    }

    /// What its `?` stand for.
    var values: [LedgerValue] {
        [.text(kind), .integer(range.lowerBound), .integer(range.upperBound)]
            + (subject.map { [.text($0.text)] } ?? []) + mentioned.map(LedgerValue.text)
    }
}
