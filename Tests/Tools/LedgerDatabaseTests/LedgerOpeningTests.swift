import BakeModel
import Foundation
import Testing

@testable import LedgerDatabase

@Suite struct LedgerOpeningTests {
    @Test("a missing ledger is not silently made")
    func missing() throws {
        let fixture = try TemporaryLedger()
        let path = "\(fixture.directory)/other.sqlite"
        let error = #expect(throws: LedgerError.notFound(path: path)) { try Ledger.open(at: path, views: []) }
        #expect(error?.exit == .notFound)
        #expect(access(path, F_OK) != 0)
    }

    @Test("creation leaves one file of the right kind, and a second one opens it")
    func creation() throws {
        let fixture = try TemporaryLedger()
        try fixture.ledger.note()
        #expect(try Ledger.create(at: fixture.path, views: [CountView()]).latest() == 1)
        let names = try FileManager.default.contentsOfDirectory(atPath: fixture.directory).sorted()
        #expect(names == ["ledger.sqlite", "ledger.sqlite-shm", "ledger.sqlite-wal"])
        #expect(
            try fixture.sqlite("PRAGMA application_id; PRAGMA user_version; PRAGMA journal_mode")
                == "1650551653\n1\nwal\n")
    }

    @Test("a link, a foreign database, noise and a newer ledger are refused")
    func oddFiles() throws {
        let fixture = try TemporaryLedger()
        let link = "\(fixture.directory)/link"
        #expect(symlink(fixture.path, link) == 0)
        #expect(throws: LedgerError.self) { try Ledger.open(at: link, views: []) }

        let noise = "\(fixture.directory)/noise"
        try Data(repeating: 7, count: 8192).write(to: URL(fileURLWithPath: noise))
        let error = #expect(throws: LedgerError.self) { try Ledger.open(at: noise, views: []) }
        #expect(error?.exit == .damaged)

        try Data().write(to: URL(fileURLWithPath: noise))
        #expect(throws: LedgerError.damaged(path: noise, detail: "it is no ledger of bake")) {
            try Ledger.open(at: noise, views: [])
        }

        try fixture.sqlite("PRAGMA user_version = 2")
        #expect(throws: LedgerError.newerFormat(path: fixture.path, what: "the ledger", found: 2, known: 1)) {
            try Ledger.open(at: fixture.path, views: [])
        }
    }

    private func size(of path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    }

    @Test("the last one to close empties a long log: the next one has nothing to read again")
    func emptyLog() throws {
        let fixture = try TemporaryLedger()
        let path = "\(fixture.directory)/other.sqlite"
        // 300 pages of 4 kB, about, and the same again for whoever opens the ledger next.
        for _ in 0..<3 {
            let ledger = try Ledger.create(at: path, views: [CountView()])
            for _ in 0..<30 { try ledger.note() }
        }
        #expect(try size(of: "\(path)-wal") == 0)
        #expect(try size(of: "\(path)-shm") > 0)
        #expect(try Ledger.open(at: path, views: [CountView()], readOnly: true).latest() == 90)
    }

    @Test("a short log stays, whoever comes next reads it, and it never grows long")
    func shortLog() throws {
        let fixture = try TemporaryLedger()
        let path = "\(fixture.directory)/other.sqlite"
        var sizes: [Int] = []
        for number in 1...60 {
            #expect(try Ledger.create(at: path, views: [CountView()]).note().sequence == number)
            sizes.append(try size(of: "\(path)-wal"))
        }
        // A page of 4 kB and its header for what one entry changes, at least; at most what is short, and one entry more.
        #expect(sizes[0] >= 4096 && sizes[1] > sizes[0])
        #expect(sizes.contains(0) && sizes.allSatisfy { $0 <= 288 << 10 })
        let reader = try Ledger.open(at: path, views: [CountView()], readOnly: true)
        #expect(try reader.count(of: "note") == 60 && reader.verify().isEmpty)
    }

    @Test("entries cannot be changed or removed through SQL by accident")
    func triggers() throws {
        let fixture = try TemporaryLedger()
        try fixture.ledger.note()
        #expect(throws: SQLiteFailure.self) { try fixture.sqlite("UPDATE entries SET line = 'x'") }
        #expect(throws: SQLiteFailure.self) { try fixture.sqlite("DELETE FROM entries") }
        #expect(try fixture.ledger.latest() == 1)
    }
}
