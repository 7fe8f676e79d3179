import BakeModel
import Glibc

/// A file that a user names for a result.
///
/// A regular file is replaced in one step. A device, a pipe or another descriptor is written into, and stays what it is; a
/// symbolic link stays, and what it leads to is written.
public enum OutputFile {
    /// Writes all bytes.
    public static func write(_ path: String, _ bytes: some Collection<UInt8>) throws {
        try write(path) { try $0.write(bytes) }
    }

    /// Writes what the closure writes.
    /// - Parameter mode: of a file that is made.
    public static func write(_ path: String, mode: UInt32 = 0o644, _ content: (Descriptor) throws -> Void) throws {
        do {
            if isWrittenInto(path) { return try content(.open(path, O_WRONLY | O_APPEND | O_NOCTTY)) }
            try replace(target(of: path), mode: mode, content)
        } catch let error as SystemError {
            // Temporary names and the places of links say nothing to anybody.
            throw SystemError("write", path, number: error.number)
        }
    }

    /// Whether a result goes into what is there, instead of taking its place.
    public static func isWrittenInto(_ path: String) -> Bool {
        if path.hasPrefix("/proc/") || path.hasPrefix("/dev/") && !path.hasPrefix("/dev/shm/") { return true }
        var facts = stat()
        return stat(path, &facts) == 0 && facts.st_mode & S_IFMT != S_IFREG
    }

    private static func replace(_ path: String, mode: UInt32, _ content: (Descriptor) throws -> Void) throws {
        let temporary = DurableFile.unfinishedPath(of: path)
        do {
            let file = try Descriptor.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: mode)
            try content(file)
            try DurableFile.settle(file, from: temporary, at: path)
        } catch {
            unlink(temporary)
            throw error
        }
    }

    /// Where a path leads over symbolic links; the path itself where it leads nowhere yet.
    private static func target(of path: String) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard realpath(path, &buffer) != nil else { return path }
        return buffer.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } } ?? path
    }
}
