import Glibc
import LinuxSystem

extension Descriptor {
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
