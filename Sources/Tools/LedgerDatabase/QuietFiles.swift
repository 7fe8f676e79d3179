import BakeModel
import Glibc
import LinuxSystem

/// The files of a ledger that nobody has open: there is no `-shm`, which every writer makes and leaves.
///
/// A reader who may not make it, on a read-only medium or in a restored copy, can still read: without locks, and with an
/// index of the log in its own memory. That is sound as long as nobody writes, which is looked at again after every read.
struct QuietFiles: Sendable {
    private let path: String
    private let facts: [Facts]

    private struct Facts: Hashable {
        let inode: ino_t
        let size: off_t
        let seconds: Int
        let nanoseconds: Int
    }

    /// Looks at the files; nil where a writer has or had the ledger open.
    init?(_ path: String) {
        guard access("\(path)-shm", F_OK) != 0 else { return nil }
        self.path = path
        facts = Self.facts(path)
    }

    /// The name under which SQLite opens the files without locks and shared memory. Without a log the file is all there is;
    /// with one, SQLite must not take it for unchanging, which would be without the log. Source: sqlite.org/uri.html.
    var name: String {
        let isPlain = { (byte: UInt8) in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || [UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_")].contains(byte)
        }
        let digits = Array("0123456789abcdef")
        let spelled = path.utf8.map { byte in
            isPlain(byte) ? String(UnicodeScalar(byte)) : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
        }
        return "file:\(spelled.joined())?\(hasLog ? "vfs=unix-none&mode=ro" : "immutable=1")"
    }

    private var hasLog: Bool { access("\(path)-wal", F_OK) == 0 }

    /// Makes sure that nobody wrote since.
    /// - Throws: `LedgerError.disturbed`.
    func confirm() throws(LedgerError) {
        guard access("\(path)-shm", F_OK) != 0, Self.facts(path) == facts else { throw .disturbed(path: path) }
    }

    private static func facts(_ path: String) -> [Facts] {
        [path, "\(path)-wal"].map { file in
            var status = stat()
            guard stat(file, &status) == 0 else { return Facts(inode: 0, size: 0, seconds: 0, nanoseconds: 0) }
            return Facts(
                inode: status.st_ino, size: status.st_size, seconds: status.st_mtim.tv_sec,
                nanoseconds: status.st_mtim.tv_nsec)
        }
    }
}
