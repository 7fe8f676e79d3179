import BakeModel
import Glibc

/// A lock that the kernel holds for as long as this object lives, so that it dies with the process. flock(2).
public final class FileLock: Sendable {
    private let file: Descriptor

    private init(_ file: Descriptor) { self.file = file }

    /// Waits for the lock on a file, which is made where it is missing.
    public static func exclusive(_ path: String) throws(SystemError) -> FileLock {
        try take(path, LOCK_EX)
    }

    /// Waits for a lock that others may share.
    public static func shared(_ path: String) throws(SystemError) -> FileLock {
        try take(path, LOCK_SH)
    }

    /// Takes the lock, or returns nil at once where another process or thread has it.
    public static func exclusiveIfFree(_ path: String) throws(SystemError) -> FileLock? {
        do throws(SystemError) {
            return try take(path, LOCK_EX | LOCK_NB)
        } catch  where error.number == EWOULDBLOCK {
            return nil
        }
    }

    /// Waits for a lock on a directory that others may share.
    public static func sharedDirectory(_ path: String) throws(SystemError) -> FileLock {
        let directory = try Descriptor.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        try SystemError.check("lock", path) { flock(directory.number, LOCK_SH) }
        return FileLock(directory)
    }

    /// Waits for the lock on a file that is open.
    static func exclusiveOn(_ file: Descriptor, _ path: String) throws(SystemError) -> FileLock {
        try SystemError.check("lock", path) { flock(file.number, LOCK_EX) }
        return FileLock(file)
    }

    private static func take(_ path: String, _ operation: Int32) throws(SystemError) -> FileLock {
        let file = try open(path)
        try SystemError.check("lock", path) { flock(file.number, operation) }
        return FileLock(file)
    }

    /// Reading is enough for flock(2), so that whoever may look may also wait.
    private static func open(_ path: String) throws(SystemError) -> Descriptor {
        do throws(SystemError) { return try Descriptor.open(path, O_RDONLY | O_NOFOLLOW) } catch {
            guard error.number == ENOENT else { throw error }
        }
        let sharing = Sharing.around(path)
        guard sharing != .none else { return try Descriptor.open(path, O_RDONLY | O_CREAT | O_NOFOLLOW, mode: 0o664) }
        return try makeShared(path, sharing)
    }

    /// A shared lock never has a name before it has its mode: another user who met it then could not open it.
    private static func makeShared(_ path: String, _ sharing: Sharing) throws(SystemError) -> Descriptor {
        let unfinished = DurableFile.unfinishedPath(of: path)
        let file = try Descriptor.open(unfinished, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
        defer { unlink(unfinished) }
        try sharing.settle(file, mode: 0o644)
        if link(unfinished, path) == 0 { return file }
        guard errno == EEXIST else { throw SystemError("make the lock", path) }
        return try Descriptor.open(path, O_RDONLY | O_NOFOLLOW)
    }
}
