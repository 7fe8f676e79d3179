import BakeModel
import CLinux
import Glibc

/// Who besides their owner may use the files of a directory tree.
///
/// A tree that a group shares has directories with the set-group-id bit, so that everything in it belongs to the group,
/// and modes that the umask of the one who writes does not narrow.
public enum Sharing: Hashable, Sendable {
    /// Nobody but whom the umask lets in.
    case none
    /// The group of the directory reads and writes; all others read, where they may, and never write.
    case group(othersRead: Bool)

    /// How a directory is shared; `none` for one that is not there.
    public static func of(_ directory: String) -> Sharing {
        var status = stat()
        guard stat(directory, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return .none }
        return Sharing(directoryMode: status.st_mode)
    }

    /// How the directory is shared that holds a path.
    public static func around(_ path: String) -> Sharing { of(DurableFile.parent(of: path)) }

    /// What the mode of a directory says.
    public init(directoryMode mode: UInt32) {
        guard mode & S_ISGID != 0, mode & 0o070 == 0o070 else {
            self = .none
            return
        }
        self = .group(othersRead: mode & 0o005 == 0o005)
    }

    /// The mode of a file that would have this one if nobody shared it: 0644 becomes 0664 or 0660, 0444 becomes 0444 or
    /// 0440.
    public func fileMode(_ mode: UInt32) -> UInt32 {
        guard case .group(let othersRead) = self else { return mode }
        return mode & 0o700 | (mode & 0o600) >> 3 | (othersRead ? mode & 0o004 : 0)
    }

    /// The mode of a directory that would have this one if nobody shared it: 0755 becomes 2775 or 2770.
    public func directoryMode(_ mode: UInt32) -> UInt32 {
        guard case .group(let othersRead) = self else { return mode }
        return S_ISGID | mode & 0o700 | (mode & 0o700) >> 3 | (othersRead ? mode & 0o005 : 0)
    }

    /// Gives an open file that this process made the mode that it must have, whatever the umask is.
    public func settle(_ file: Descriptor, mode: UInt32) throws(SystemError) {
        guard self != .none else { return }
        try SystemError.check("set the mode of", file.describedPath) { fchmod(file.number, fileMode(mode)) }
    }

    /// Makes a directory, which never appears with another mode than it keeps; one that is there already is fine.
    /// - Parameter mode: what it would have if nobody shared it. Then the umask counts.
    public func makeDirectory(_ path: String, mode: UInt32 = 0o755) throws(SystemError) {
        guard self != .none else {
            if mkdir(path, mode) == 0 || errno == EEXIST { return }
            throw SystemError("make the directory", path)
        }
        if access(path, F_OK) == 0 { return }
        let unfinished = DurableFile.unfinishedPath(of: path)
        try SystemError.check("make the directory", path) { mkdir(unfinished, 0o700) }
        defer { rmdir(unfinished) }
        try SystemError.check("set the mode of", path) { chmod(unfinished, directoryMode(mode)) }
        if clinux_rename_noreplace(AT_FDCWD, unfinished, AT_FDCWD, path) == 0 || errno == EEXIST { return }
        // Some file systems (ZFS before 2.2) cannot rename without replacing; an empty directory may be replaced.
        guard errno == EINVAL, rename(unfinished, path) == 0 || errno == ENOTEMPTY || errno == EEXIST else {
            throw SystemError("make the directory", path)
        }
    }
}
