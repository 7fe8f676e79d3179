import BakeModel
import CLinux
import Glibc
import LinuxSystem

/// An unfinished file in `tmp/`, locked by the kernel for as long as its writer lives: whoever gets the lock knows that
/// the writer is dead. A helper process that has the descriptor shares the lock.
final class TemporaryFile: Sendable {
    let file: Descriptor
    let path: String

    /// Makes an empty file, open for reading and writing, mode 0600 where nobody shares the store.
    init(in directory: String, sharing: Sharing) throws {
        while true {
            let path = "\(directory)/\(UInt64.random(in: .min ... .max)).part"
            let file = try Descriptor.open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
            try SystemError.check("lock", path) { flock(file.number, LOCK_EX) }
            // A sweep may have had the lock between the two calls, and removed the name.
            guard try file.status().st_nlink > 0 else { continue }
            self.file = file
            self.path = path
            // Another user of the store's sweeps it when this process is dead.
            try sharing.settle(file, mode: 0o600)
            return
        }
    }

    deinit { discard() }

    /// Removes the name, so that nothing is left. Harmless once the file has moved: names are never used twice.
    func discard() { unlink(path) }

    /// Forces the bytes to the disk, then gives the file its name, which must be free; false where it is taken.
    /// The directory is synchronized in both cases: another process may have made the name and not come to it yet.
    func moveIfFree(to target: String) throws -> Bool {
        try file.synchronize()
        let isFree = try renameUnlessTaken(to: target)
        try DurableFile.synchronizeDirectory(of: target)
        return isFree
    }

    /// Forces the bytes to the disk, then replaces whatever has the name.
    func replace(_ target: String) throws {
        try replaceView(target)
        try DurableFile.synchronizeDirectory(of: target)
    }

    /// Forces the bytes to the disk, then replaces a view. Which of the two files has the name after a power cut is no
    /// matter: whoever opens the store sees an old view, and makes it anew.
    func replaceView(_ target: String) throws {
        try file.synchronize()
        try SystemError.check("rename", path) { rename(path, target) }
    }

    private func renameUnlessTaken(to target: String) throws(SystemError) -> Bool {
        if clinux_rename_noreplace(AT_FDCWD, path, AT_FDCWD, target) == 0 { return true }
        switch errno {
        case EEXIST: return false
        // Some file systems (ZFS before 2.2) cannot rename without replacing; they can link.
        case EINVAL: return try linkUnlessTaken(to: target)
        default: throw SystemError("name", target)
        }
    }

    private func linkUnlessTaken(to target: String) throws(SystemError) -> Bool {
        if link(path, target) == 0 { return true }
        if errno == EEXIST { return false }
        throw SystemError("name", target)
    }
}

extension BlobStore {
    /// Removes the unfinished files of processes that died. Those that are being written stay.
    public func sweep() throws {
        for name in try DirectoryListing.names(in: temporary) where name.hasSuffix(".part") {
            let path = "\(temporary)/\(name)"
            guard let file = try? Descriptor.open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK) else { continue }
            if flock(file.number, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
        }
    }
}
