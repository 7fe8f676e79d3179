import BakeModel
import CLinux
import Glibc
import LinuxSystem

/// A root that this process sees: an image that is mounted somewhere, or a directory. openat2(2) with RESOLVE_IN_ROOT.
final class MountedRoot: ImageRoot {
    private let directory: Descriptor
    /// O_PATH of fcntl.h, which Glibc's Swift overlay does not have.
    private static let pathOnly: Int32 = 0o10_000_000

    /// Opens the root at this path of the machine.
    init(at path: String) throws(SystemError) {
        directory = try Descriptor.open(path, Self.pathOnly | O_DIRECTORY)
    }

    func status(of path: String) throws(SystemError) -> FileFacts? {
        do throws(SystemError) {
            return FileFacts(try open(path, Self.pathOnly | O_NOFOLLOW).status())
        } catch  where error.isMissing {
            return nil
        }
    }

    func targetStatus(of path: String) throws(SystemError) -> FileFacts? {
        do throws(SystemError) {
            return FileFacts(try open(path, Self.pathOnly).status())
        } catch  where error.isMissing || error.number == ELOOP {
            return nil
        }
    }

    func linkTarget(of path: String) throws(SystemError) -> [UInt8] {
        let link = try open(path, Self.pathOnly | O_NOFOLLOW)
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = try SystemError.check("read the link", path) {
            readlinkat(link.number, "", &buffer, buffer.count)
        }
        return buffer[..<count].map { UInt8(bitPattern: $0) }
    }

    /// What stands at a path, links followed, neither to be read nor written.
    func handle(at path: String) throws(SystemError) -> Descriptor { try open(path, Self.pathOnly) }

    /// What changes with what stands at a path, links followed, and is known without reading it; nil where nothing does.
    func trace(of path: String) -> FileTrace? {
        guard let status = try? handle(at: path).status() else { return nil }
        let facts = FileFacts(status)
        // A directory's time tells of what is made in it.
        return FileTrace(
            facts: facts, seconds: facts.size == nil ? 0 : status.st_mtim.tv_sec,
            nanoseconds: facts.size == nil ? 0 : status.st_mtim.tv_nsec)
    }

    func read(_ path: String, each: (UnsafeRawBufferPointer) throws -> Void) throws {
        let file = try file(at: path)
        try withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { buffer in
            while case let count = try file.read(into: buffer), count > 0 {
                try each(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
    }

    func names(in path: String) throws(SystemError) -> [String] {
        do throws(SystemError) {
            return try DirectoryListing.names(of: open(path, O_RDONLY | O_DIRECTORY))
        } catch  where error.isMissing {
            return []
        }
    }

    func directorySize(of path: String) throws(SystemError) -> Int64 {
        Int64(try open(path, Self.pathOnly | O_NOFOLLOW).status().st_size)
    }

    /// A regular file, ready to be read. Never waits, as the end of a named pipe would.
    private func file(at path: String) throws(SystemError) -> Descriptor {
        let file = try open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
        let kind = try file.status().st_mode & S_IFMT
        guard kind != S_IFDIR else { throw SystemError("read", path, number: EISDIR) }
        guard kind == S_IFREG else { throw SystemError("read", path, number: EINVAL) }
        return file
    }

    private func open(_ path: String, _ flags: Int32) throws(SystemError) -> Descriptor {
        guard !path.utf8.contains(0) else { throw SystemError("open", path, number: EINVAL) }
        let number = try SystemError.check("open", path) { clinux_open_in_root(directory.number, path, flags, 0) }
        return Descriptor(owning: number)
    }
}

/// A file as it was left: another one differs.
struct FileTrace: Hashable {
    let facts: FileFacts
    /// When it was written, in seconds and the rest; 0 for a directory.
    let seconds, nanoseconds: Int
}

extension FileFacts {
    fileprivate init(_ status: stat) {
        let isDirectory = status.st_mode & S_IFMT == S_IFDIR
        self.init(
            mode: status.st_mode, user: status.st_uid, group: status.st_gid,
            size: isDirectory ? nil : Int64(status.st_size))
    }
}
