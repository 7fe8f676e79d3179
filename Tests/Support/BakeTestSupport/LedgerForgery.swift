import Foundation
import LinuxSystem

/// What somebody who may write to a store can do to its ledger so that everything in it hangs together again.
public struct LedgerForgery {
    private let ledger: String

    /// Forges the ledger of a store.
    public init(store: String) { ledger = "\(store)/ledger.sqlite" }

    /// Takes away every entry from one on, and makes heads and views fit.
    public func cutOff(from entry: Int64) throws { try run("cut", entry) }

    /// Changes who did an entry, and every hash behind it.
    public func rewrite(entry: Int64) throws { try run("rewrite", entry) }

    /// Puts an entry behind all others once more, with some of its text exchanged.
    public func append(copyOf entry: Int64, replacing text: String = "", with other: String = "") throws {
        try run("append", entry, [text, other])
    }

    private func run(_ act: String, _ entry: Int64, _ more: [String] = []) throws {
        let words = ["-c", Self.script, ledger, act, String(entry)] + more
        let run = try CompletedProcess.run("/usr/bin/python3", words, environment: ["PATH=/usr/bin:/bin"], deadline: 60)
        guard run.ending.succeeded else { throw CocoaError(.fileWriteUnknown, userInfo: ["errors": run.lastErrors]) }
    }

    private static let script = """
        import hashlib, json, sqlite3, sys
        db, act, number = sqlite3.connect(sys.argv[1]), sys.argv[2], int(sys.argv[3])
        db.execute("PRAGMA foreign_keys = 0")
        for trigger in ("entries_never_change", "entries_never_go"): db.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        if act == "cut": db.execute("DELETE FROM entries WHERE sequence >= ?", (number,))
        if act == "append":
            line = db.execute("SELECT line FROM entries WHERE sequence = ?", (number,)).fetchone()[0]
            copy = json.loads(line.replace(sys.argv[4], sys.argv[5]) if sys.argv[4] else line)
            last, line = db.execute("SELECT sequence, line FROM entries ORDER BY sequence DESC").fetchone()
            copy["seq"] = last + 1
            copy["time"] = copy["clock"] = json.loads(line)["time"]
            db.execute("INSERT INTO entries VALUES (?, ?, '')", (last + 1, json.dumps(copy)))
        previous, heads = None, {}
        for sequence, line in db.execute("SELECT sequence, line FROM entries ORDER BY sequence").fetchall():
            entry = json.loads(line)
            if previous: entry["prev"] = "sha256:" + previous
            if act == "rewrite" and sequence == number: entry["actor"]["user"] = "nobody"
            line = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            previous = hashlib.sha256(line.encode()).hexdigest()
            db.execute("UPDATE entries SET line = ?, hash = ? WHERE sequence = ?", (line, "sha256:" + previous, sequence))
            for subject in entry["subjects"]: heads[subject] = sequence
        db.execute("DELETE FROM heads")
        db.executemany("INSERT INTO heads VALUES (?, ?)", heads.items())
        own = ("entries", "heads", "views")
        for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            if name not in own and not name.startswith("sqlite_"): db.execute(f'DROP TABLE "{name}"')
        db.execute("DELETE FROM views")
        db.commit()
        """
}
