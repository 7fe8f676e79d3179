import BakeModel
import CSQLiteShims
import Glibc
import LinuxSystem

/// Why the ledger refused.
public enum LedgerError: ExplainedError, Hashable {
    /// There is no ledger at this path.
    case notFound(path: String)
    /// A newer bake wrote the ledger, or one of its views.
    case newerFormat(path: String, what: String, found: Int64, known: Int64)
    /// The file or an entry is not what was written.
    case damaged(path: String, detail: String)
    /// A view, as a message names it, is not what the entries make.
    case falseView(String, detail: String)
    /// Somebody else moved the subject first.
    case lostRace(Subject)
    /// The act cannot be written as an entry.
    case unwritable(kind: String, detail: String)
    /// The views lag behind the entries, and this reader may not bring them up to date.
    case viewsBehind(path: String, view: String)
    /// This reader may not make the files that SQLite needs beside a ledger, and no writer left them.
    case unprepared(path: String)
    /// Somebody began to write while the ledger was read without locks.
    case disturbed(path: String)
    /// The file system is full.
    case full(path: String)
    /// There is no room for the views that are made anew to compare them.
    case crowded
    /// Others held the ledger for too long.
    case busy(path: String)
    /// Anything else that SQLite refused.
    case refused(path: String, detail: String)

    public var doing: String {
        switch self {
        case .notFound, .newerFormat: "open the ledger"
        case .lostRace: "move"
        case .unwritable: "record"
        case .damaged, .viewsBehind, .unprepared, .disturbed: "read the ledger"
        case .crowded: "make the views of the ledger anew"
        case .falseView: "use"
        case .full, .busy, .refused: "use the ledger"
        }
    }

    public var subject: String {
        switch self {
        case .notFound(let path), .newerFormat(let path, _, _, _), .damaged(let path, _), .viewsBehind(let path, _),
            .unprepared(let path), .disturbed(let path), .full(let path), .busy(let path), .refused(let path, _):
            path
        case .lostRace(let subject): subject.text
        case .unwritable(let kind, _): kind
        case .falseView(let view, _): "\(view) of the ledger"
        case .crowded: "in a file without a name below $TMPDIR, else /var/tmp"
        }
    }

    public var reason: String {
        switch self {
        case .notFound: "no ledger is there"
        case .newerFormat(_, let what, let found, let known):
            "\(what) has version \(found), and this bake knows versions up to \(known)"
        case .damaged(_, let detail), .falseView(_, let detail), .unwritable(_, let detail), .refused(_, let detail):
            detail
        case .lostRace: "somebody else moved it first"
        case .viewsBehind(_, let view): "the view \(view) lags behind the entries, and this user may not write to it"
        case .unprepared: "no write-ahead log lies beside it, and this user may not make one"
        case .disturbed: "somebody began to write while it was read"
        case .full(let path): SystemError("write", path, number: ENOSPC).reason
        case .crowded: SystemError("write", "", number: ENOSPC).reason
        case .busy: "other processes held it for \(Int(LedgerConnection.patience)) seconds"
        }
    }

    public var hint: String? {
        switch self {
        case .notFound: "bake init"
        case .newerFormat: "use the newer bake"
        case .damaged: "bake audit --verify tells which entries are wrong; restore the store from its backup"
        case .falseView:
            "bake fsck --repair makes it again from the entries; bake audit --verify tells what else is wrong"
        case .lostRace: "look again, then repeat"
        case .disturbed: "repeat the command"
        case .busy(let path): "repeat the command; 'fuser -v \(path)' shows who has it open"
        case .viewsBehind, .unprepared: "any bake command of a user who may write mends that"
        case .full(let path): SystemError("write", path, number: ENOSPC).hint
        case .crowded: "set TMPDIR to a directory with room for as much as the ledger has"
        default: nil
        }
    }

    public var exit: ExitCode {
        switch self {
        case .notFound: .notFound
        case .damaged, .falseView: .damaged
        case .lostRace, .disturbed: .lostRace
        default: .failed
        }
    }

    /// The one border to SQLite: what its errors mean for a ledger.
    static func check<Value>(_ path: String, _ call: () throws -> Value) throws -> Value {
        do {
            return try withPreparedLog(path, call)
        } catch let error as SQLiteError {
            throw LedgerError(error, path: path)
        }
    }

    /// The first writer for a while makes the log's index anew. Who may only read and comes in that moment can neither read
    /// nor make it: a transaction that could not begin for this reason is begun again.
    private static func withPreparedLog<Value>(_ path: String, _ call: () throws -> Value) throws -> Value {
        for _ in 0..<100 {
            do { return try call() } catch let error as SQLiteError {
                guard error.result == SQLITE_READONLY, error.code != SQLITE_READONLY, access("\(path)-shm", F_OK) == 0
                else { throw error }
                usleep(10_000)
            }
        }
        return try call()
    }

    private init(_ error: SQLiteError, path: String) {
        switch error {
        case .mistyped(let column, let wanted):
            self = .damaged(path: path, detail: "the column \(column) holds no \(wanted)")
        case .refused(let code, let message):
            self.init(code: code, message: message, path: path)
        }
    }

    private init(code: Int32, message: String, path: String) {
        switch code & 0xff {
        case SQLITE_CORRUPT, SQLITE_NOTADB: self = .damaged(path: path, detail: message)
        case SQLITE_FULL: self = .full(path: path)
        // SQLite calls it so where its shared memory cannot grow, also for a SELECT.
        case SQLITE_IOERR where Self.isFull(path): self = .full(path: path)
        case SQLITE_CANTOPEN where access("\(path)-shm", F_OK) != 0: self = .unprepared(path: path)
        case SQLITE_READONLY where access(path, W_OK) != 0 || access("\(path)-shm", F_OK) != 0:
            self = .unprepared(path: path)
        // PROTOCOL: SQLite lost the race for a place among the readers again and again.
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: self = .busy(path: path)
        default: self = .refused(path: path, detail: "\(message) (SQLite \(code))")
        }
    }

    /// Whether the file system has no room for one more piece of SQLite's shared memory.
    private static func isFull(_ path: String) -> Bool {
        var facts = statvfs()
        guard statvfs(path, &facts) == 0 else { return false }
        return UInt64(facts.f_bavail).multipliedReportingOverflow(by: UInt64(facts.f_frsize)).partialValue < 32_768
    }
}
