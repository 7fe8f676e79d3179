import BakeModel
import Foundation
import Testing

@testable import LedgerDatabase

/// Each test does with sqlite3 what a thief or a fault could do, hashes mended where the thief could mend them.
@Suite struct LedgerVerificationTests {
    /// Has room in a ledger, and none where it is made anew: that file has no name.
    private struct LargeView: LedgerView {
        let name = "large"
        let version: Int64 = 1
        let schema = "CREATE TABLE large (bytes BLOB) STRICT"

        func apply(_ entry: Entry, to transaction: ViewTransaction) throws {
            let file = try transaction.row("SELECT file FROM pragma_database_list WHERE name = 'main'")?.text("file")
            if file == "" { try transaction.execute("PRAGMA max_page_count = 8") }
            try transaction.execute("INSERT INTO large VALUES (zeroblob(100000))")
        }
    }

    @Test("views that find no room while they are made anew are no fault of the ledger")
    func crowded() throws {
        let fixture = try TemporaryLedger(views: [LargeView()])
        try fixture.ledger.note()
        let error = #expect(throws: LedgerError.crowded) { try fixture.ledger.verify() }
        #expect(error?.reason == "No space left on device" && error?.exit == .failed)
        #expect(throws: LedgerError.crowded) { try fixture.ledger.replay(LargeView()) { _, _ in } }
    }

    private let fixture: TemporaryLedger

    init() throws {
        fixture = try TemporaryLedger()
        for number in 1...5 { try fixture.ledger.note("note", number == 2 ? [.policy] : [.store], at: Int64(number)) }
        #expect(try fixture.ledger.verify().isEmpty)
        try fixture.sqlite("DROP TRIGGER entries_never_change; DROP TRIGGER entries_never_go; PRAGMA foreign_keys = 0")
    }

    private func findings(after sql: String) throws -> [LedgerFinding] {
        try fixture.sqlite(sql)
        return try Ledger.open(at: fixture.path, views: [CountView()], readOnly: true).verify()
    }

    /// Stores a line of one's own making, with the hash that fits it.
    private func forge(_ sequence: Int64, _ change: (String) -> String) throws -> [LedgerFinding] {
        let line = change(
            try fixture.sqlite("SELECT line FROM entries WHERE sequence = \(sequence)").dropLast().description)
        let hash = Digest.of(Array(line.utf8))
        return try findings(after: "UPDATE entries SET line = '\(line)', hash = '\(hash)' WHERE sequence = \(sequence)")
    }

    @Test("an index that leaves an entry out and says that it does not is found, and made again")
    func lyingIndex() throws {
        let schema = EntryIndex.schema.replacing("'", with: "''")
        let found = try findings(
            after: """
                DROP INDEX entries_by_subject; \(EntryIndex.schema) AND sequence <> 3; PRAGMA writable_schema = ON;
                UPDATE sqlite_schema SET sql = '\(schema)' WHERE name = 'entries_by_subject'
                """)
        // The row, and that there are fewer than in the table.
        #expect(found.map(\.kind) == [.index, .index])
        #expect(found.first?.explanation.contains("missing from index entries_by_subject") == true, "\(found)")
        let ledger = try Ledger.open(at: fixture.path, views: [CountView()])
        try ledger.rebuildViews()
        #expect(try ledger.verify().isEmpty)
    }

    @Test("a changed line is found")
    func changed() throws {
        let found = try findings(
            after: "UPDATE entries SET line = replace(line, 'tester', 'nobody') WHERE sequence = 3")
        #expect(found.map(\.kind).contains(.changed))
        #expect(found.first?.entry == 3)
    }

    @Test("a changed line with a mended hash breaks the chain at the next entry")
    func forged() throws {
        let found = try forge(3) { $0.replacingOccurrences(of: "tester", with: "nobody") }
        #expect(found.map(\.kind) == [.brokenChain])
        #expect(found.first?.entry == 4)
    }

    @Test("another spelling of the same entry is found, even at the end of the chain")
    func spelling() throws {
        let found = try forge(5) { $0.replacingOccurrences(of: "\"kind\":", with: "\"kind\": ") }
        #expect(found.map(\.kind) == [.malformed])
    }

    @Test("a time before that of the entry before is found")
    func time() throws {
        let found = try forge(5) {
            $0.replacingOccurrences(of: "1970-01-01T00:00:05.000Z", with: "1970-01-01T00:00:03.000Z")
        }
        #expect(found.map(\.kind) == [.time])
    }

    @Test("a removed entry leaves a gap and a broken chain")
    func removed() throws {
        let found = try findings(after: "DELETE FROM entries WHERE sequence = 2")
        #expect(found.contains { $0.kind == .gap && $0.entry == 3 })
        #expect(found.contains { $0.kind == .brokenChain && $0.entry == 3 })
        #expect(found.contains { $0.kind == .head })
    }

    @Test("a removed entry is found though all later ones are renumbered")
    func renumbered() throws {
        let found = try findings(
            after:
                "DELETE FROM entries WHERE sequence = 3; UPDATE entries SET sequence = sequence - 1 WHERE sequence > 3")
        #expect(found.contains { $0.kind == .gap && $0.entry == 3 })
        #expect(found.contains { $0.kind == .brokenChain && $0.entry == 3 })
    }

    @Test("an inserted entry is found")
    func inserted() throws {
        let found = try findings(after: "INSERT INTO entries SELECT 6, line, hash FROM entries WHERE sequence = 5")
        #expect(found.contains { $0.kind == .gap && $0.entry == 6 })
        #expect(found.contains { $0.kind == .brokenChain && $0.entry == 6 })
    }

    @Test("two entries in each other's place are found")
    func reordered() throws {
        let found = try findings(
            after: """
                UPDATE entries SET sequence = 100 WHERE sequence = 2; UPDATE entries SET sequence = 2 WHERE sequence = 3;
                UPDATE entries SET sequence = 3 WHERE sequence = 100
                """)
        #expect(found.contains { $0.kind == .brokenChain && $0.entry == 2 })
        #expect(found.contains { $0.kind == .brokenChain && $0.entry == 3 })
    }

    @Test("a cut-off end that is mended everywhere is found by a checkpoint, and by it alone")
    func truncated() throws {
        let checkpoint = try #require(try fixture.ledger.checkpoint())
        #expect(checkpoint.sequence == 5)
        let found = try findings(
            after: """
                DELETE FROM entries WHERE sequence = 5; UPDATE heads SET entry = 4 WHERE entry = 5;
                UPDATE views SET entry = 4; UPDATE counts_1 SET count = 4
                """)
        #expect(found.isEmpty)
        #expect(try fixture.ledger.verify(knowing: [checkpoint]).map(\.kind) == [.checkpoint])
    }

    @Test(
        "of the checkpoints of a ledger that was written anew the first that does not fit is told, the others are counted"
    )
    func consequences() throws {
        let other = Digest.of([1])
        let hashes = try fixture.ledger.entries(from: 1, limit: 5).map { Digest.of($0.json.canonicalBytes) }
        let points = (1...5).map { LedgerCheckpoint(sequence: Int64($0), hash: $0 < 3 ? hashes[$0 - 1] : other) }
        let found = try fixture.ledger.verify(knowing: points)
        #expect(found.map(\.entry) == [3, 4])
        #expect(
            found.last?.explanation == "2 more checkpoints do not fit, up to entry 5: each entry names the one before")
    }

    @Test("a wrong head and a wrong view are found")
    func derived() throws {
        #expect(try findings(after: "UPDATE heads SET entry = 1").map(\.kind) == [.head, .head])
        #expect(try findings(after: "UPDATE counts_1 SET count = 9").map(\.kind).last == .view)
    }

    @Test("a read of a changed entry, and an append behind one, are refused")
    func refusals() throws {
        try fixture.sqlite("UPDATE entries SET line = replace(line, 'tester', 'nobody') WHERE sequence = 5")
        let damaged = LedgerError.damaged(path: fixture.path, detail: "entry 5 is not what was written")
        #expect(throws: damaged) { try fixture.ledger.entries(from: 1, limit: 9) }
        #expect(throws: damaged) { try fixture.ledger.note() }
        #expect(damaged.exit == .damaged)
    }

    @Test("types that do not belong in a column are damage, never a crash")
    func oddTypes() throws {
        try fixture.sqlite(
            """
            CREATE TABLE odd (sequence, line, hash); INSERT INTO odd VALUES (1, NULL, 7);
            DROP TABLE entries; ALTER TABLE odd RENAME TO entries
            """)
        let error = #expect(throws: LedgerError.self) { try fixture.ledger.entries(from: 1, limit: 9) }
        #expect(error?.exit == .damaged)
        #expect(throws: LedgerError.self) { try fixture.ledger.verify() }
    }

    @Test("a file with a page of noise is damage, told by verify or by its opening")
    func noise() throws {
        try fixture.sqlite("PRAGMA wal_checkpoint(TRUNCATE)")
        let file = try #require(FileHandle(forWritingAtPath: fixture.path))
        try file.seek(toOffset: 4096)
        try file.write(contentsOf: Data(repeating: 0xa5, count: 4096 * 3))
        try file.close()
        do {
            let found = try Ledger.open(at: fixture.path, views: [CountView()], readOnly: true).verify()
            #expect(!found.isEmpty)
        } catch let error as LedgerError {
            #expect(error.exit == .damaged)
        }
    }
}
