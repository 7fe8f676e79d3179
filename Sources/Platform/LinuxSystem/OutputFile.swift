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

    /// Writes what the closure writes. Where that throws, what was there stays.
    /// - Returns: what the closure returns.
    @discardableResult
    public static func write<Value>(_ path: String, _ content: (Descriptor) throws -> Value) throws -> Value {
        let target = target(of: path)
        do {
            if isWrittenInto(path) { return try content(.open(path, O_WRONLY | O_APPEND | O_NOCTTY)) }
            return try replace(target, content)
        } catch let error as SystemError
            where error.subject.hasPrefix(target) || [path, DurableFile.parent(of: target)].contains(error.subject)
        {
            // Temporary names and the places of links say nothing to anybody. What the closure could not read does.
            throw SystemError("write", path, number: error.number)
        }
    }

    /// Whether a result goes into what is there, instead of taking its place.
    public static func isWrittenInto(_ path: String) -> Bool {
        if path.hasPrefix("/proc/") || path.hasPrefix("/dev/") && !path.hasPrefix("/dev/shm/") { return true }
        var facts = stat()
        return stat(path, &facts) == 0 && facts.st_mode & S_IFMT != S_IFREG
    }

    private static func replace<Value>(_ path: String, _ content: (Descriptor) throws -> Value) throws -> Value {
        let temporary = DurableFile.unfinishedPath(of: path)
        do {
            let file = try Descriptor.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o644)
            let value = try content(file)
            try DurableFile.settle(file, from: temporary, at: path)
            return value
        } catch {
            unlink(temporary)
            throw error
        }
    }

    /// Where a path leads over symbolic links, be there a file yet or not; the path itself where it leads nowhere.
    private static func target(of path: String) -> String {
        if let real = realPath(path) { return real }
        guard let name = path.split(separator: "/").last, let parent = realPath(DurableFile.parent(of: path)) else {
            return path
        }
        return "\(parent == "/" ? "" : parent)/\(name)"
    }

    private static func realPath(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard realpath(path, &buffer) != nil else { return nil }
        return buffer.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } }
    }
}
