import BakeModel
import Glibc

/// A file that only grows: whole records are put behind its end, one writer at a time, on the disk when that returns.
public struct AppendedFile: Sendable {
    /// Where it lies.
    public let path: String

    /// Names a file.
    public init(_ path: String) { self.path = path }

    /// Makes an empty file; one that is there already stays as it is.
    public func create() throws(SystemError) {
        let file = try Descriptor.open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, mode: 0o644)
        try file.synchronize()
        try DurableFile.synchronizeDirectory(of: path)
    }

    /// Appends a record, decided from the end of the file while nobody else appends.
    /// - Parameters:
    ///   - tail: how many bytes of the end are read at most.
    ///   - decide: what to append to a file that ends so; nothing where nil.
    /// - Throws: `SystemError` where nothing, or not all of it, could be written; what was is taken back.
    public func append(tail: Int, _ decide: ([UInt8]) throws -> [UInt8]?) throws {
        let lock = try FileLock.exclusiveOn(try Descriptor.open(path, O_RDONLY | O_NOFOLLOW), path)
        defer { withExtendedLifetime(lock) {} }
        guard let bytes = try decide(try end(tail)) else { return }
        let file = try Descriptor.open(path, O_WRONLY | O_APPEND | O_NOFOLLOW)
        let size = try file.status().st_size
        do throws(SystemError) {
            try file.write(bytes)
            try file.synchronize()
        } catch {
            // Where the file may only grow this fails, and readers pass over what is no whole record.
            _ = ftruncate(file.number, size)
            throw error
        }
    }

    /// Reads the end of the file.
    /// - Parameter most: how many bytes at most.
    public func end(_ most: Int) throws(SystemError) -> [UInt8] {
        let file = try Descriptor.open(path, O_RDONLY | O_NOFOLLOW)
        let size = try file.status().st_size
        try SystemError.check("read", path) { lseek(file.number, max(0, size - most), SEEK_SET) < 0 ? -1 : 0 }
        return try file.readAll(limit: most)
    }
}
