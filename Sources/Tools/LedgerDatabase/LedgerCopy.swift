import BakeModel
import Foundation
import GRDB
import LinuxSystem

extension Ledger {
    /// Copies the ledger as it is at one moment, whoever writes to it meanwhile.
    /// - Parameter unfinished: a name that is free; `install` makes a ledger of it.
    public func copy(to unfinished: String) throws {
        try LedgerError.check(unfinished) {
            let target = try DatabaseQueue(path: unfinished)
            try backUp(to: target)
            // The copy stands in one file, with nothing beside it.
            try target.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
            try target.close()
        }
        try Descriptor.open(unfinished, O_RDONLY).synchronize()
    }

    /// Gives a copy the name of a ledger, in place of the one that is there. Nobody may have that open.
    public static func install(_ unfinished: String, at path: String) throws {
        if access(path, F_OK) == 0 {
            // What lies beside the old file belongs to it, and would be taken for the new one's.
            try LedgerError.check(path) {
                let old = try DatabaseQueue(path: path)
                try old.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
                try old.close()
            }
            for suffix in ["-wal", "-shm"] { unlink(path + suffix) }
        }
        try LedgerConnection.keepLog(unfinished)
        try Sharing.around(path).settle(try Descriptor.open(unfinished, O_RDONLY), mode: 0o644)
        for suffix in ["-wal", "-shm"] { unlink(unfinished + suffix) }
        try SystemError.check("move the ledger to", path) { rename(unfinished, path) }
        try DurableFile.synchronizeDirectory(of: path)
    }
}
