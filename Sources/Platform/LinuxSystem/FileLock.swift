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

    private static func take(_ path: String, _ operation: Int32) throws(SystemError) -> FileLock {
        let file = try Descriptor.open(path, O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o664)
        try SystemError.check("lock", path) { flock(file.number, operation) }
        return FileLock(file)
    }
}
