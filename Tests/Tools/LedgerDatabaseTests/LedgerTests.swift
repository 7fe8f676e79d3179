import BakeModel
import Foundation
import LinuxSystem
import Testing

@testable import LedgerDatabase

@Suite struct LedgerTests {
    @Test("entries are numbered from 1, each with the SHA-256 of the line before, as sqlite3 and sha256sum see it")
    func chain() throws {
        let fixture = try TemporaryLedger()
        let entries = try (0..<3).map { try fixture.ledger.note("note \($0)") }
        #expect(entries.map(\.sequence) == [1, 2, 3])
        #expect(entries[0].previous == nil)
        #expect(try fixture.ledger.entries(from: 1, limit: 10) == entries)
        #expect(try fixture.ledger.entries(from: 2, limit: 1) == [entries[1]])
        for number in 1...2 {
            let script =
                "printf %s \"$(sqlite3 \(fixture.path) 'SELECT line FROM entries WHERE sequence=\(number)')\" | sha256sum"
            let sum = try CompletedProcess.run("/bin/sh", ["-c", script], environment: ["PATH=/usr/bin:/bin"]).text
            #expect(entries[number].previous?.hex == String(sum.prefix(64)))
        }
    }

    @Test("times never decrease; the raw clock stands beside them")
    func clockJumpsBack() throws {
        let fixture = try TemporaryLedger()
        try fixture.ledger.note(at: 2_000)
        let second = try fixture.ledger.note(at: 1_000)
        #expect(second.time == Timestamp(seconds: 2_000))
        #expect(second.clock == Timestamp(seconds: 1_000))
        #expect(try fixture.ledger.note(at: 3_000).time == Timestamp(seconds: 3_000))
    }

    @Test("an append is lost when its own subject moved, and only then")
    func lostRace() throws {
        let fixture = try TemporaryLedger()
        let ledger = fixture.ledger
        #expect(try ledger.head(of: .policy) == nil)
        let first = try ledger.note("a", [.policy], at: 1, expecting: [.policy: nil])
        try ledger.note("b", [.store], at: 1, expecting: [.store: nil])
        try ledger.note("c", [.policy], at: 1, expecting: [.policy: first.sequence])
        let error = #expect(throws: LedgerError.lostRace(.policy)) {
            try ledger.note("d", [.policy], at: 1, expecting: [.policy: first.sequence])
        }
        #expect(error?.exit == .lostRace)
        #expect(throws: LedgerError.lostRace(.store)) {
            try ledger.note("e", [.store], at: 1, expecting: [.store: nil])
        }
        #expect(try ledger.latest() == 3)
        #expect(try ledger.head(of: .policy) == 3)
        #expect(try ledger.read { try $0.head(of: .policy) } == 3)
    }

    @Test("of many who expect the same head exactly one wins, and no number is left out")
    func threads() throws {
        let fixture = try TemporaryLedger()
        let path = fixture.path
        let workers = (0..<6).map { _ in
            Worker {
                let ledger = try Ledger.open(at: path, views: [CountView()])
                for _ in 0..<10 { try ledger.note() }
                return (try? ledger.note("race", [.policy], at: 1, expecting: [.policy: nil])) != nil
            }
        }
        let wins = try workers.map { try $0.result() }
        #expect(wins.count { $0 } == 1)
        #expect(try fixture.ledger.entries(from: 1, limit: 100).map(\.sequence) == Array(1...61))
        #expect(try fixture.ledger.count(of: "note") == 60)
        #expect(try fixture.ledger.verify().isEmpty)
    }

    @Test("acts of one append stand together or not at all")
    func allOrNone() throws {
        let fixture = try TemporaryLedger()
        let good = Act(kind: "good", subjects: [.policy], body: [:])
        let bad = Act(kind: "bad", subjects: [], body: .number(.max))
        #expect(throws: LedgerError.self) {
            try fixture.ledger.append([good, bad], by: .tester, clock: Timestamp(seconds: 1))
        }
        #expect(try fixture.ledger.latest() == 0)
        #expect(try fixture.ledger.head(of: .policy) == nil)
    }

    @Test("whoever waits hears of the next entry, or of none in time")
    func waiting() throws {
        let fixture = try TemporaryLedger()
        let ledger = fixture.ledger
        #expect(try !ledger.waitForEntries(after: 0, timeout: 0.05))
        let waiter = Worker { try ledger.waitForEntries(after: 0, timeout: 10) }
        try Ledger.open(at: fixture.path, views: [CountView()]).note()
        #expect(try waiter.result())
    }
}
