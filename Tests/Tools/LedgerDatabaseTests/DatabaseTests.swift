import Foundation
import Testing

@testable import LedgerDatabase

/// SQLite, as the ledger calls it.
@Suite struct DatabaseTests {
    private let database: Database

    init() throws { database = try Database(":memory:", .making) }

    @Test(
        "a value comes back as it was, and SQLite says it has the type",
        arguments: [
            (LedgerValue.null, "null"), (.integer(.min), "integer"), (.integer(0), "integer"), (.text(""), "text"),
            (.text("a\u{0}b\u{1F600}"), "text"), (.blob([]), "blob"), (.blob([0, 255, 0]), "blob"),
        ])
    func values(value: LedgerValue, type: String) throws {
        #expect(try database.rows("SELECT ?", [value]) { try $0.value(0) } == [value])
        #expect(try database.texts("SELECT typeof(?)", [value]) == [type])
    }

    @Test("a value of another type than was asked for is named by its column")
    func types() throws {
        #expect(throws: SQLiteError.mistyped(column: "n", wanted: "an integer")) {
            try database.rows("SELECT 'x' AS n") { try $0.integer(0) }
        }
        #expect(throws: SQLiteError.mistyped(column: "n", wanted: "text")) {
            try database.rows("SELECT 1 AS n") { try $0.text(0) }
        }
        #expect(throws: LedgerError.falseView("a view", detail: "1.5 is no integer")) {
            try database.rows("SELECT 1.5") { try $0.value(0) }
        }
    }

    @Test("a kept statement begins anew, whatever became of it before")
    func keptStatements() throws {
        try database.execute("CREATE TABLE t (n INTEGER PRIMARY KEY) STRICT; INSERT INTO t VALUES (1), (2), (3)")
        let query = "SELECT n FROM t WHERE n >= ? ORDER BY n"
        #expect(throws: CancellationError.self) {
            try database.rows(query, [2]) { _ in throw CancellationError() }
        }
        #expect(try database.integers(query, [2]) == [2, 3])
        // A value that is not given is NULL, and not the one before.
        #expect(try database.integers(query).isEmpty)
        #expect { try database.run("INSERT INTO t VALUES (?)", [1]) } throws: { error in
            // SQLITE_CONSTRAINT_PRIMARYKEY, sqlite.org/rescode.html.
            (error as? SQLiteError)?.code == 1555 && (error as? SQLiteError)?.result == 19
        }
        try database.run("INSERT INTO t VALUES (?)", [4])
        #expect(try database.integers(query, [3]) == [3, 4])
    }

    @Test("a transaction that throws changes nothing, and another can begin")
    func transactions() throws {
        try database.execute("CREATE TABLE t (n)")
        #expect(throws: CancellationError.self) {
            try database.transaction(.immediate) {
                try database.run("INSERT INTO t VALUES (1)")
                throw CancellationError()
            }
        }
        try database.transaction(.immediate) { try database.run("INSERT INTO t VALUES (2)") }
        #expect(try database.integers("SELECT n FROM t") == [2])
    }

    @Test("a name is a name, whatever is in it")
    func names() throws {
        let name = "a \"b\"; DROP TABLE t"
        try database.execute("CREATE TABLE \(Database.quoted(name)) (\"x y\", z)")
        #expect(try database.tables == [name])
        #expect(try database.columns(of: name) == ["x y", "z"])
        #expect(try database.columns(of: "none").isEmpty)
    }

    @Test("rows agree where their values do, and not where only their texts would")
    func agreement() throws {
        let rows = ["1, 'a'", "1, 'a'", "'1', 'a'", "1, 'b'", "1, NULL", "1.0, 'a'", "1, x'61'"]
        let cursors = try rows.map { try database.cursor("SELECT \($0)") }
        for cursor in cursors { #expect(try cursor.step()) }
        #expect(cursors.map(cursors[0].agrees) == [true, true, false, false, false, false, false])
    }

    @Test func whatIsNoDatabaseIsRefused() throws {
        let path = NSTemporaryDirectory() + "/bake-database-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        // SQLITE_CANTOPEN: only `.making` makes a file.
        #expect { try Database(path, .writing) } throws: { ($0 as? SQLiteError)?.result == 14 }
        try Data(repeating: 7, count: 4096).write(to: URL(filePath: path))
        // SQLITE_NOTADB.
        #expect { try Database(path, .reading).integers("PRAGMA user_version") } throws: {
            ($0 as? SQLiteError)?.result == 26
        }
    }
}
