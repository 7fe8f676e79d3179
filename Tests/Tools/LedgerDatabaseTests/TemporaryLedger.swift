import BakeModel
import Foundation
import Glibc
import LedgerDatabase
import LinuxSystem

/// A fresh ledger in a directory of its own, removed with it.
final class TemporaryLedger {
    let directory: String
    let ledger: Ledger

    init(views: [any LedgerView] = [CountView()]) throws {
        var template = Array("/tmp/bake-ledger-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("make", "a temporary directory") }
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        ledger = try Ledger.create(at: "\(directory)/ledger.sqlite", views: views)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    var path: String { ledger.path }

    /// Runs SQL with the sqlite3 program, as a stranger would.
    @discardableResult
    func sqlite(_ sql: String, of path: String? = nil) throws -> String {
        let process = try CompletedProcess.run("/usr/bin/sqlite3", [path ?? self.path, sql], environment: [])
        guard process.ending.succeeded else { throw SQLiteFailure(messages: process.lastErrors) }
        return process.text
    }
}

struct SQLiteFailure: Error {
    let messages: String
}

/// Counts the entries of each kind.
struct CountView: LedgerView {
    var version: Int64 = 1
    let name = "counts"
    var schema: String {
        "CREATE TABLE counts_\(version) (kind TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT"
    }

    func apply(_ entry: Entry, to transaction: ViewTransaction) throws {
        try transaction.execute(
            "INSERT INTO counts_\(version) VALUES (?, 1) ON CONFLICT (kind) DO UPDATE SET count = count + 1",
            [.text(entry.act.kind)])
    }
}

extension Ledger {
    /// Appends one small act.
    @discardableResult
    func note(_ kind: String = "note", _ subjects: [Subject] = [.store], at seconds: Int64 = 1_000) throws -> Entry {
        try note(kind, subjects, at: seconds, expecting: [:])
    }

    @discardableResult
    func note(
        _ kind: String, _ subjects: [Subject], at seconds: Int64, expecting heads: [Subject: Int64?]
    ) throws -> Entry {
        let act = Act(kind: kind, subjects: subjects, body: ["text": "é \u{1F600}"])
        return try append([act], by: .tester, clock: Timestamp(seconds: seconds), expecting: heads)[0]
    }

    /// How many entries of a kind the view counted.
    func count(of kind: String, version: Int64 = 1) throws -> Int64? {
        try read { transaction in
            try transaction.row("SELECT count FROM counts_\(version) WHERE kind = ?", [.text(kind)])?.integer("count")
        }
    }
}

extension Actor {
    static let tester = Actor(claimed: nil, userID: 1000, userName: "tester", machine: "bench")
}
