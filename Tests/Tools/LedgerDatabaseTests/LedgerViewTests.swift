import BakeModel
import Foundation
import Testing

@testable import LedgerDatabase

@Suite struct LedgerViewTests {
    @Test("what is asked of the entries goes through their index", arguments: EntryQuestion.Extent.allCases)
    func plan(extent: EntryQuestion.Extent) throws {
        let fixture = try TemporaryLedger()
        let subject = extent == .latestOfEachSubject ? nil : Subject.policy
        let question = EntryQuestion(kind: "note", extent: extent, subject: subject, mentioned: ["a", "b"])
        let values = question.values.map { "\($0)" }.map(LedgerValue.text)
        let plan = try fixture.ledger.read { try $0.rows("EXPLAIN QUERY PLAN \(question.sql)", values) }
        let lines = try plan.map { try $0.text("detail") }
        #expect(lines.count == 1 && lines[0].hasPrefix("SEARCH entries USING INDEX entries_by_subject"), "\(lines)")
    }

    @Test("a view that is new sees the entries from before it")
    func newView() throws {
        let fixture = try TemporaryLedger(views: [])
        for _ in 0..<3 { try fixture.ledger.note() }
        #expect(try Ledger.open(at: fixture.path, views: [CountView()]).count(of: "note") == 3)
    }

    @Test("whoever opens a ledger is told what its views have yet to read, and nothing where they have read all")
    func backlog() throws {
        let fixture = try TemporaryLedger()
        let stranger = try Ledger.open(at: fixture.path, views: [])
        for _ in 0..<3 { try stranger.note() }
        var told: [Int64] = []
        let open = { (version: Int64) in
            _ = try Ledger.open(at: fixture.path, views: [CountView(version: version)], onBacklog: { told.append($0) })
        }
        try open(1)
        try open(1)
        #expect(told == [3])
        try stranger.note()
        try open(1)
        // A view of another version has to read everything.
        try open(2)
        #expect(told == [3, 1, 4])
    }

    @Test("a view of another version is made again, and the old tables go")
    func newVersion() throws {
        let fixture = try TemporaryLedger()
        for _ in 0..<3 { try fixture.ledger.note() }
        let newer = try Ledger.open(at: fixture.path, views: [CountView(version: 2)])
        #expect(try newer.count(of: "note", version: 2) == 3)
        #expect(try fixture.sqlite("SELECT name FROM sqlite_schema WHERE name LIKE 'counts%'") == "counts_2\n")
        // The older bake neither reads it nor appends past it.
        #expect(throws: LedgerError.self) { try fixture.ledger.count(of: "note") }
        #expect(throws: LedgerError.self) { try fixture.ledger.note() }
        #expect(try newer.latest() == 3)
    }

    @Test("views that another process left behind are brought up to date by the next read")
    func leftBehind() throws {
        let fixture = try TemporaryLedger()
        try Ledger.open(at: fixture.path, views: []).note()
        #expect(try fixture.ledger.count(of: "note") == 1)
        try Ledger.open(at: fixture.path, views: []).note()
        let reader = try Ledger.open(at: fixture.path, views: [CountView()], readOnly: true)
        #expect(throws: LedgerError.viewsBehind(path: fixture.path, view: "counts")) { try reader.count(of: "note") }
        #expect(try fixture.ledger.count(of: "note") == 2)
        #expect(try reader.count(of: "note") == 2)
    }

    @Test("a view whose standing is lost is made again, although its tables are there")
    func lostStanding() throws {
        let fixture = try TemporaryLedger()
        try fixture.ledger.note()
        try fixture.sqlite("UPDATE counts_1 SET count = 7; DELETE FROM views")
        #expect(try Ledger.open(at: fixture.path, views: [CountView()]).count(of: "note") == 1)
        try fixture.sqlite("DELETE FROM views")
        try fixture.ledger.note()
        #expect(try fixture.ledger.count(of: "note") == 2)
    }

    @Test("while a view is replayed, others write")
    func writersBesideReplay() throws {
        let fixture = try TemporaryLedger()
        try fixture.ledger.note()
        let other = try Ledger.open(at: fixture.path, views: [CountView()])
        try fixture.ledger.replay(CountView()) { entry, _ in try other.note("while \(entry.sequence)") }
        #expect(try other.latest() == 2)
    }

    @Test("a view that fails takes the append with it")
    func failingView() throws {
        struct Failing: LedgerView {
            let name = "failing"
            let version: Int64 = 1
            let schema = "CREATE TABLE failing (entry INTEGER) STRICT"
            func apply(_ entry: Entry, to transaction: ViewTransaction) throws {
                if entry.act.kind == "poison" { try transaction.execute("INSERT INTO nowhere VALUES (1)") }
            }
        }
        let fixture = try TemporaryLedger(views: [CountView(), Failing()])
        try fixture.ledger.note()
        #expect(throws: LedgerError.self) { try fixture.ledger.note("poison") }
        #expect(try fixture.ledger.latest() == 1)
        #expect(try fixture.ledger.count(of: "poison") == nil)
    }

    @Test("a read changes nothing")
    func readsDoNotWrite() throws {
        let fixture = try TemporaryLedger()
        #expect(throws: LedgerError.self) {
            try fixture.ledger.read { try $0.execute("INSERT INTO counts_1 VALUES ('x', 1)") }
        }
        #expect(try fixture.ledger.count(of: "x") == nil)
    }
}
