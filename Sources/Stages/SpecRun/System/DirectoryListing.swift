import Glibc
import LinuxSystem

/// The names in a directory.
enum DirectoryListing {
    /// The names without `.` and `..`, sorted by their bytes; such that are no UTF-8 are left out.
    static func names(of directory: Descriptor) throws(SystemError) -> [String] {
        // fdopendir takes the descriptor over, so it gets one that nobody else closes.
        let own = fcntl(directory.number, F_DUPFD_CLOEXEC, 3)
        guard own >= 0, let stream = fdopendir(own) else { throw SystemError("list", directory.describedPath) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let bytes = withUnsafeBytes(of: entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            guard let name = String(validating: bytes, as: UTF8.self), name != ".", name != ".." else { continue }
            names.append(name)
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
