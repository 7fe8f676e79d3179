import BakeModel

/// The entries as lines, and the head of every subject, in one transaction.
struct EntryTable {
    private let database: Database

    init(_ database: Database) { self.database = database }

    static let schema = """
        CREATE TABLE entries (sequence INTEGER PRIMARY KEY, line TEXT NOT NULL, hash TEXT NOT NULL) STRICT;
        CREATE TABLE heads (subject TEXT PRIMARY KEY, entry INTEGER NOT NULL REFERENCES entries) STRICT, WITHOUT ROWID;
        CREATE TABLE views (name TEXT PRIMARY KEY, version INTEGER NOT NULL, entry INTEGER NOT NULL, tables TEXT NOT NULL)
            STRICT, WITHOUT ROWID;
        CREATE TRIGGER entries_never_change BEFORE UPDATE ON entries
            BEGIN SELECT RAISE(ABORT, 'entries never change'); END;
        CREATE TRIGGER entries_never_go BEFORE DELETE ON entries
            BEGIN SELECT RAISE(ABORT, 'entries never go'); END;
        \(EntryIndex.schema);
        """

    /// The number of the latest entry; 0 where there is none.
    var latest: Int64 {
        get throws { try database.integers("SELECT ifnull(max(sequence), 0) FROM entries").first ?? 0 }
    }

    func head(of subject: Subject) throws -> Int64? {
        try database.integers("SELECT entry FROM heads WHERE subject = ?", [.text(subject.text)]).first
    }

    /// The lines from a number on, at most `limit`.
    func lines(from sequence: Int64, limit: Int) throws -> [StoredLine] {
        // As a blob: bytes that are no UTF-8 must not be repaired on the way.
        let sql = """
            SELECT sequence, CAST(line AS BLOB) AS line, hash FROM entries WHERE sequence >= ? ORDER BY sequence LIMIT ?
            """
        return try database.rows(sql, [.integer(sequence), .integer(Int64(clamping: max(0, limit)))]) { row in
            StoredLine(sequence: try row.integer(0), line: try row.bytes(1), hash: try row.text(2))
        }
    }

    /// Appends acts behind the latest entry, and moves the heads of their subjects.
    func append(_ acts: [Act], by actor: Actor, clock: Timestamp, path: String) throws -> [Entry] {
        var end = try end(path: path)
        return try acts.map { act in
            let entry = Entry(
                sequence: (end?.sequence ?? 0) + 1, previous: end?.hash, time: act.time(clock: clock, after: end?.time),
                clock: clock, actor: actor, act: act)
            end = ChainEnd(sequence: entry.sequence, hash: try insert(entry), time: entry.time)
            return entry
        }
    }

    private func insert(_ entry: Entry) throws -> Digest {
        let line = try StoredLine(writing: entry)
        try database.run(
            "INSERT INTO entries (sequence, line, hash) VALUES (?, ?, ?)",
            [.integer(entry.sequence), .text(String(decoding: line.line, as: UTF8.self)), .text(line.hash)])
        try move(entry.act.subjects, to: entry.sequence)
        return Digest.of(line.line)
    }

    /// Notes the head of every subject, where none is noted.
    func rebuildHeads(path: String) throws {
        var next: Int64 = 1
        while case let lines = try lines(from: next, limit: 1000), let last = lines.last {
            for line in lines { try move(try line.entry(path: path).act.subjects, to: line.sequence) }
            next = last.sequence + 1
        }
    }

    private func move(_ subjects: [Subject], to entry: Int64) throws {
        for subject in subjects {
            try database.run(
                "INSERT OR REPLACE INTO heads (subject, entry) VALUES (?, ?)", [.text(subject.text), .integer(entry)])
        }
    }

    /// The latest entry as the next one needs it; nil where there is none.
    func end(path: String) throws -> ChainEnd? {
        guard let line = try lines(from: try latest, limit: 1).first else { return nil }
        let entry = try line.entry(path: path)
        return ChainEnd(sequence: entry.sequence, hash: Digest.of(line.line), time: entry.time)
    }
}

/// What the next entry takes from the one before.
struct ChainEnd: Hashable {
    let sequence: Int64
    let hash: Digest
    let time: Timestamp
}
