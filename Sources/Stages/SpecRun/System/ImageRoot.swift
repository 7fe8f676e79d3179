import Glibc
import LinuxSystem

/// The root file system of an image. No path leads out of it: symbolic links are followed within, absolute ones from its
/// root.
protocol ImageRoot: AnyObject {
    /// The facts of what stands at a path, of a link and not of its target; nil where nothing does. lstat(2).
    func status(of path: String) throws -> FileFacts?
    /// The facts of what stands at a path, links followed; nil where nothing does. stat(2).
    func targetStatus(of path: String) throws -> FileFacts?
    /// What a symbolic link holds, as it is.
    func linkTarget(of path: String) throws -> [UInt8]
    /// Gives the bytes of a regular file in pieces.
    func read(_ path: String, each: (UnsafeRawBufferPointer) throws -> Void) throws
    /// The names in a directory, sorted by their bytes, but for such that are no UTF-8; none where there is no such
    /// directory.
    func names(in path: String) throws -> [String]
    /// How large a file system says that a directory is, in bytes.
    func directorySize(of path: String) throws -> Int64
}

/// What is known of a file without reading it.
struct FileFacts: Hashable {
    /// Kind and permissions, as `st_mode` of stat(2).
    let mode: mode_t
    let user: UInt32
    let group: UInt32
    /// In bytes; nil for a directory.
    let size: Int64?

    /// The kind alone.
    var kind: mode_t { mode & S_IFMT }
}

/// The longest file that is read as a whole, in bytes.
private let longestFile = 64 << 20

extension ImageRoot {
    /// What a symbolic link holds; nil for anything else, and where nothing stands.
    func linkTargetIfPresent(of path: String) throws -> [UInt8]? {
        guard let facts = try status(of: path), facts.kind == S_IFLNK else { return nil }
        return try linkTarget(of: path)
    }

    /// The bytes of a regular file.
    func contents(of path: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try read(path) { piece in
            guard bytes.count + piece.count <= longestFile else { throw SystemError("read", path, number: EFBIG) }
            bytes += piece
        }
        return bytes
    }

    /// The bytes of a regular file; nil where there is none.
    func contentsIfPresent(of path: String) throws -> [UInt8]? {
        do { return try contents(of: path) } catch let error as SystemError where error.isMissing { return nil }
    }

    /// Whether something stands at a path, links followed.
    func exists(_ path: String) throws -> Bool { try targetStatus(of: path) != nil }

    /// Whether a program stands at a path, links followed.
    func isProgram(_ path: String) throws -> Bool {
        guard let facts = try targetStatus(of: path) else { return false }
        return facts.kind == S_IFREG && facts.mode & 0o111 != 0
    }
}
