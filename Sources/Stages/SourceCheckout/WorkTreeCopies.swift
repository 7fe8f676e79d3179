import BakeModel
import CLinux
import GitRepository
import Glibc
import LinuxSystem

/// Files of a work tree that have the bytes of a commit's: read from there, a file needs neither the helper nor inflating.
///
/// What is read is believed by its name alone, as git's objects are. A file that differs, is gone or is no plain file is the
/// repository's to give.
struct WorkTreeCopies {
    private let top: Descriptor
    /// A tree that has other files (another commit's, or with other line ends) is not read to its end for nothing.
    private static let mostMisses = 8

    /// Looks into a work tree; nil where it cannot be opened.
    init?(_ path: String) {
        guard let top = try? Descriptor.open(path, O_RDONLY | O_DIRECTORY) else { return nil }
        self.top = top
    }

    /// The bytes of each file; nil for those that the work tree does not have, or for which it was not asked any more.
    /// - Parameter limit: larger ones are not read.
    func bytes(of files: [CommittedFile], limit: Int) -> [[UInt8]?] {
        var misses = 0
        return files.map { file in
            guard misses < Self.mostMisses else { return nil }
            let found = bytes(of: file, limit)
            if found == nil { misses += 1 }
            return found
        }
    }

    private func bytes(of file: CommittedFile, _ limit: Int) -> [UInt8]? {
        guard file.mode != .symlink, let bytes = plainBytes(at: file.path, limit) else { return nil }
        var hasher = ObjectHasher(kind: .blob, size: bytes.count)
        bytes.withUnsafeBytes { hasher.update($0) }
        return hasher.finish() == file.object ? bytes : nil
    }

    /// Whatever lies there now, where it is a plain file. A fifo is not waited for.
    private func plainBytes(at path: TreePath, _ limit: Int) -> [UInt8]? {
        let number = (path.bytes + [0]).withUnsafeBytes { name in
            name.withMemoryRebound(to: CChar.self) { name in
                clinux_open_in_root(top.number, name.baseAddress, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0)
            }
        }
        guard number >= 0 else { return nil }
        let file = Descriptor(owning: number)
        guard let status = try? file.status(), status.st_mode & S_IFMT == S_IFREG, status.st_size <= limit else {
            return nil
        }
        return try? file.bytes(from: 0, count: Int(status.st_size))
    }
}
