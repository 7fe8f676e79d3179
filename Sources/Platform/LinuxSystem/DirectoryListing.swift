import Glibc

/// The names in a directory, without `.` and `..`, sorted by their bytes.
public enum DirectoryListing {
    /// All names. One that is no UTF-8 comes with replacement characters, and so names no file: enough for messages, and never
    /// a digest.
    public static func names(in path: String) throws(SystemError) -> [String] {
        guard let stream = opendir(path) else { throw SystemError("list", path) }
        return try names(stream, of: path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// All names; none where it is no directory, or cannot be read.
    public static func namesIfThere(in path: String) -> [String] { (try? names(in: path)) ?? [] }

    /// The names that are UTF-8.
    public static func names(of directory: Descriptor) throws(SystemError) -> [String] {
        try directory.sortedNames().compactMap { String(validating: $0, as: UTF8.self) }
    }

    /// The paths of all files below a directory, as seen from it, sorted by their bytes; links are files.
    public static func files(below path: String) throws(SystemError) -> [String] {
        var files: [String] = []
        for name in try names(in: path) {
            var status = stat()
            guard lstat("\(path)/\(name)", &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                files += try Self.files(below: "\(path)/\(name)").map { "\(name)/\($0)" }
            } else {
                files.append(name)
            }
        }
        return files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Reads a stream to its end, and closes it.
    fileprivate static func names(_ stream: OpaquePointer, of path: String) throws(SystemError) -> [[UInt8]] {
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while true {
            // End and failure both return nil: only errno tells them apart.
            errno = 0
            guard let entry = readdir(stream) else { break }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name != [0x2e] && name != [0x2e, 0x2e] { names.append(name) }
        }
        guard errno == 0 else { throw SystemError("list", path) }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }
}

extension Descriptor {
    /// The names in this directory, without `.` and `..`, sorted by their bytes.
    public func sortedNames() throws(SystemError) -> [[UInt8]] {
        // Opened again, to be read from its beginning; a descriptor from O_PATH could not be read at all. The stream closes what
        // it gets, so it gets one that nobody else closes.
        let again = try open(".", O_RDONLY | O_DIRECTORY)
        let own = try SystemError.check("list", describedPath) { fcntl(again.number, F_DUPFD_CLOEXEC, 3) }
        guard let stream = fdopendir(own) else {
            let failure = SystemError("list", describedPath)
            close(own)
            throw failure
        }
        return try DirectoryListing.names(stream, of: describedPath)
    }
}
