import BakeModel

extension Ledger {
    /// Walks the whole ledger in one snapshot: the file, every line and its place in the chain, the heads, and every
    /// view against one made anew. Opened read-only it works for views of every state.
    /// - Parameter checkpoints: points noted outside the store; without one, a cut-off end cannot be seen.
    /// - Returns: what is wrong, in the order of the entries; nothing where all is well.
    /// - Throws: `LedgerError` where the file cannot be read at all.
    public func verify(knowing checkpoints: [LedgerCheckpoint] = []) throws -> [LedgerFinding] {
        try inspect { database, views in
            let broken = try database.texts("PRAGMA integrity_check(20)").filter { $0 != "ok" }
            var findings = broken.map { LedgerFinding(EntryIndex.isMeant(by: $0) ? .index : .file, $0) }
            var rebuilt = try views.map { try RebuiltView($0) }
            var check = ChainCheck(knowing: checkpoints)
            try walk(database) { lines in
                let entries = lines.map { check.take($0) }
                for index in rebuilt.indices { try rebuilt[index].apply(entries) }
            }
            check.finish()
            findings += check.findings
            findings += try differences(of: check.heads, in: database)
            findings += try rebuilt.flatMap { try $0.differences(from: database) }
            return findings
        }
    }

    /// Walks the chain alone: every line, its hash and its place. What views make of it is not looked at.
    /// - Returns: what is wrong, in the order of the entries.
    public func verifyChain() throws -> [LedgerFinding] {
        try inspect { database, _ in
            var check = ChainCheck(knowing: [])
            try walk(database) { lines in for line in lines { _ = check.take(line) } }
            check.finish()
            return check.findings
        }
    }

    /// The end of the chain, to be noted outside the store; nil for an empty ledger.
    public func checkpoint() throws -> LedgerCheckpoint? {
        try inspect { database, _ in
            try EntryTable(database).end(path: path).map { LedgerCheckpoint(sequence: $0.sequence, hash: $0.hash) }
        }
    }

    /// Gives all lines away, many at once.
    func walk(_ database: Database, _ body: ([StoredLine]) throws -> Void) throws {
        let table = EntryTable(database)
        var next = Int64.min
        while true {
            let lines = try table.lines(from: next, limit: 1000)
            guard let last = lines.last else { return }
            try body(lines)
            let (following, overflow) = last.sequence.addingReportingOverflow(1)
            if overflow { return }
            next = following
        }
    }

    private func differences(of heads: [Subject: Int64], in database: Database) throws -> [LedgerFinding] {
        let stored = Dictionary(
            try database.rows("SELECT subject, entry FROM heads") { (try $0.text(0), try $0.integer(1)) },
            uniquingKeysWith: max)
        let wanted = Dictionary(heads.map { ($0.key.text, $0.value) }, uniquingKeysWith: max)
        return Set(stored.keys).union(wanted.keys).sorted().compactMap { subject in
            guard stored[subject] != wanted[subject] else { return nil }
            let spelled = { (entry: Int64?) in entry.map { "entry \($0)" } ?? "nothing" }
            return LedgerFinding(
                .head, entry: wanted[subject],
                "the head of \(subject) is \(spelled(wanted[subject])), noted is \(spelled(stored[subject]))")
        }
    }
}
