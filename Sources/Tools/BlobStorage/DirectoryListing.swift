import Glibc
import LinuxSystem

/// The names in a directory of the store, which bake or another tool chose.
enum DirectoryListing {
    /// All names but `.` and `..`, sorted by their bytes. A name that is no UTF-8 comes with replacement characters,
    /// and so names no file: enough for messages, and never a digest.
    static func names(in path: String) throws(SystemError) -> [String] {
        guard let directory = opendir(path) else { throw SystemError("list", path) }
        defer { closedir(directory) }
        var names: [String] = []
        while true {
            // End and failure both return nil: only errno tells them apart.
            errno = 0
            guard let entry = readdir(directory) else { break }
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: UInt8.self, capacity: 256) { String(decodingCString: $0, as: UTF8.self) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        guard errno == 0 else { throw SystemError("list", path) }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
