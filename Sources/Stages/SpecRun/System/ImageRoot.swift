import BakeModel
import CLinux
import Glibc
import LinuxSystem

/// The root file system of an image, mounted somewhere. No path leads out of it: symbolic links are followed within,
/// absolute ones from its root. openat2(2) with RESOLVE_IN_ROOT.
final class ImageRoot {
    private let directory: Descriptor
    /// O_PATH of fcntl.h, which Glibc's Swift overlay does not have.
    private static let pathOnly: Int32 = 0o10_000_000
    /// Nothing stands at a path, also where what stands above it is no directory.
    private static let absences = [ENOENT, ENOTDIR]
    /// The longest file that is read as a whole, in bytes.
    static let longestFile = 64 << 20

    /// Opens the root at this path of the machine.
    init(at path: String) throws(SystemError) {
        directory = try Descriptor.open(path, Self.pathOnly | O_DIRECTORY)
    }

    /// The facts of what stands at a path, of a link and not of its target; nil where nothing does. lstat(2).
    func status(of path: String) throws(SystemError) -> stat? {
        do throws(SystemError) {
            return try open(path, Self.pathOnly | O_NOFOLLOW).status()
        } catch  where Self.absences.contains(error.number) {
            return nil
        }
    }

    /// The facts of what stands at a path, links followed; nil where nothing does. stat(2).
    func targetStatus(of path: String) throws(SystemError) -> stat? {
        do throws(SystemError) {
            return try open(path, Self.pathOnly).status()
        } catch  where Self.absences.contains(error.number) || error.number == ELOOP {
            return nil
        }
    }

    /// What a symbolic link holds, as it is.
    func linkTarget(of path: String) throws(SystemError) -> [UInt8] {
        let link = try open(path, Self.pathOnly | O_NOFOLLOW)
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = try SystemError.check("read the link", path) {
            readlinkat(link.number, "", &buffer, buffer.count)
        }
        return buffer[..<count].map { UInt8(bitPattern: $0) }
    }

    /// What a symbolic link holds; nil for anything else, and where nothing stands.
    func linkTargetIfPresent(of path: String) throws(SystemError) -> [UInt8]? {
        guard let status = try status(of: path), status.st_mode & S_IFMT == S_IFLNK else { return nil }
        return try linkTarget(of: path)
    }

    /// What stands at a path, links followed, neither to be read nor written.
    func handle(at path: String) throws(SystemError) -> Descriptor { try open(path, Self.pathOnly) }

    /// A regular file, ready to be read. Never waits, as the end of a named pipe would.
    func file(at path: String) throws(SystemError) -> Descriptor {
        let file = try open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
        let kind = try file.status().st_mode & S_IFMT
        guard kind != S_IFDIR else { throw SystemError("read", path, number: EISDIR) }
        guard kind == S_IFREG else { throw SystemError("read", path, number: EINVAL) }
        return file
    }

    /// The bytes of a regular file.
    func contents(of path: String) throws(SystemError) -> [UInt8] {
        try file(at: path).readAll(limit: Self.longestFile)
    }

    /// The bytes of a regular file; nil where there is none.
    func contentsIfPresent(of path: String) throws(SystemError) -> [UInt8]? {
        do throws(SystemError) {
            return try contents(of: path)
        } catch  where Self.absences.contains(error.number) {
            return nil
        }
    }

    /// The names in a directory, sorted by their bytes; none where there is no such directory.
    func names(in path: String) throws(SystemError) -> [String] {
        let list: Descriptor
        do throws(SystemError) {
            list = try open(path, O_RDONLY | O_DIRECTORY)
        } catch  where Self.absences.contains(error.number) {
            return []
        }
        return try DirectoryListing.names(of: list)
    }

    private func open(_ path: String, _ flags: Int32) throws(SystemError) -> Descriptor {
        guard !path.utf8.contains(0) else { throw SystemError("open", path, number: EINVAL) }
        let number = try SystemError.check("open", path) { clinux_open_in_root(directory.number, path, flags, 0) }
        return Descriptor(owning: number)
    }
}
