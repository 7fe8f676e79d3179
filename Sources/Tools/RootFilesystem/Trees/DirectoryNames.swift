import Glibc
import LinuxSystem

extension Descriptor {
    /// The names in this directory, without `.` and `..`, sorted by their bytes.
    func sortedNames() throws(SystemError) -> [[UInt8]] {
        // A stream of its own, which starts at the beginning; a descriptor from O_PATH cannot be read.
        let again = try open(".", O_RDONLY | O_DIRECTORY).duplicate()
        let number = try SystemError.check("duplicate", describedPath) { fcntl(again.number, F_DUPFD_CLOEXEC, 3) }
        guard let stream = fdopendir(number) else {
            let failure = SystemError("read", describedPath)
            close(number)
            throw failure
        }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw SystemError("read", describedPath) }
                return names.sorted { $0.lexicographicallyPrecedes($1) }
            }
            let name = Self.name(of: entry)
            if name != [0x2e] && name != [0x2e, 0x2e] { names.append(name) }
        }
    }

    private static func name(of entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
        withUnsafePointer(to: &entry.pointee.d_name) { tuple in
            tuple.withMemoryRebound(to: UInt8.self, capacity: 256) { bytes in
                Array(UnsafeBufferPointer(start: bytes, count: 256).prefix { $0 != 0 })
            }
        }
    }

    /// Opens a directory in this one, never through a symbolic link.
    func subdirectory(_ name: some Collection<UInt8>) throws(SystemError) -> Descriptor {
        let raw = cString(name)
        let number = try SystemError.check("open", String(decoding: name, as: UTF8.self)) {
            openat(self.number, raw, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        }
        return Descriptor(owning: number)
    }

    /// What lies under a name in this directory, itself and not what it links to; nil where there is nothing.
    func entry(_ name: some Collection<UInt8>) throws(SystemError) -> stat? {
        let raw = cString(name)
        var status = stat()
        if fstatat(number, raw, &status, AT_SYMLINK_NOFOLLOW) == 0 { return status }
        if errno == ENOENT || errno == ENOTDIR { return nil }
        throw SystemError("examine", String(decoding: name, as: UTF8.self))
    }
}

extension stat {
    /// The kind of file, `S_IFMT` of the mode.
    var format: mode_t { st_mode & S_IFMT }
    /// Whether it is an overlay's whiteout: the character device 0:0.
    var isWhiteout: Bool { format == S_IFCHR && st_rdev == 0 }
}
