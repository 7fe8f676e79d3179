import BakeModel
import Glibc
import LinuxSystem

extension Ledger {
    /// Copies the ledger as it is at one moment, whoever writes to it meanwhile.
    /// - Parameter unfinished: a name that is free; `install` makes a ledger of it.
    public func copy(to unfinished: String) throws {
        try LedgerError.check(unfinished) {
            try backUp(to: try Database(unfinished, .making))
        }
        // The copy stands in one file, with nothing beside it.
        try LedgerConnection.dropLog(unfinished)
        try Descriptor.open(unfinished, O_RDONLY).synchronize()
    }

    /// Opens a copy that has no ledger's name yet. It must be closed again before `install`.
    public static func openUnfinished(_ unfinished: String, views: [any LedgerView]) throws -> Ledger {
        try LedgerConnection.keepLog(unfinished)
        return try open(at: unfinished, views: views)
    }

    /// Moves everything into the file itself. Fails where somebody has it open.
    private static func gather(_ path: String) throws {
        try LedgerConnection.dropLog(path)
        for suffix in ["-wal", "-shm"] { unlink(path + suffix) }
    }

    /// Gives a copy the name of a ledger, in place of the one that is there. Nobody may have either open.
    public static func install(_ unfinished: String, at path: String) throws {
        // What lies beside the old file belongs to it, and would be taken for the new one's.
        if access(path, F_OK) == 0 { try gather(path) }
        try gather(unfinished)
        try LedgerConnection.keepLog(unfinished)
        try Sharing.around(path).settle(try Descriptor.open(unfinished, O_RDONLY), mode: 0o644)
        for suffix in ["-wal", "-shm"] { unlink(unfinished + suffix) }
        try Descriptor.open(unfinished, O_RDONLY).synchronize()
        try SystemError.check("move the ledger to", path) { rename(unfinished, path) }
        try DurableFile.synchronizeDirectory(of: path)
    }
}
