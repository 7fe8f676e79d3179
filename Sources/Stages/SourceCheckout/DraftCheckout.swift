import BakeModel
import CLinux
import GitRepository
import Glibc
import LinuxSystem

/// Files of the work tree that stand in for those of the commit, each under the name that git would give its bytes.
struct WorkFiles: Sendable {
    private let top: String
    private let paths: Set<TreePath>
    private static let limit = 1 << 30

    init(top: String, paths: Set<TreePath>) {
        self.top = top
        self.paths = paths
    }

    func holds(_ path: TreePath) -> Bool { paths.contains(path) }

    /// The file as it is now; nil where it is gone.
    func file(_ path: TreePath) throws -> CommittedFile? {
        guard let (mode, bytes) = try contents(of: path) else { return nil }
        return CommittedFile(path: path, mode: mode, object: try Self.name(of: bytes, path))
    }

    /// The bytes of a file, which must still be those that it was named by.
    func read(_ file: CommittedFile) throws -> [UInt8] {
        guard let (_, bytes) = try contents(of: file.path), try Self.name(of: bytes, file.path) == file.object else {
            throw ChangedWhileBaking(path: file.path)
        }
        return bytes
    }

    private func contents(of path: TreePath) throws -> (CommittedFile.Mode, [UInt8])? {
        // A draft's names pass through Swift strings: git names that are no UTF-8 are rare, and must be committed first.
        let name = "\(top)/\(path)"
        var status = stat()
        guard lstat(name, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFREG:
            let bytes = try Descriptor.open(name, O_RDONLY | O_NOFOLLOW).readAll(limit: Self.limit)
            return (status.st_mode & 0o100 != 0 ? .executable : .regular, bytes)
        case S_IFLNK:
            var target = [UInt8](repeating: 0, count: 4096)
            let count = try SystemError.check("read the link", name) { readlink(name, &target, 4095) }
            return (.symlink, Array(target[..<count]))
        default: return nil
        }
    }

    private static func name(of bytes: [UInt8], _ path: TreePath) throws -> ObjectID {
        var hasher = ObjectHasher(kind: .blob, size: bytes.count)
        bytes.withUnsafeBytes { hasher.update($0) }
        guard let name = hasher.finish() else { throw ChangedWhileBaking(path: path) }
        return name
    }
}

extension CommittedTree {
    /// The tree with those files of the work tree that differ from it.
    func overlaid(by work: WorkFiles, at paths: [TreePath]) throws -> CommittedTree {
        let kept = files.filter { !work.holds($0.path) }
        let changed = try paths.compactMap(work.file)
        return CommittedTree(
            root: root, files: (kept + changed).sorted { $0.path < $1.path }, submodules: submodules)
    }
}

/// A file of the work tree that changed between being looked at and being read.
struct ChangedWhileBaking: ExplainedError, Hashable {
    let path: TreePath
    var doing: String { "read the work tree's" }
    var subject: String { path.description }
    var reason: String { "it changed while the bake read it" }
    var hint: String? { "bake again" }
}

/// A draft of something that has no work tree.
struct DraftWithoutWorkTree: ExplainedError, Hashable {
    let source: String
    var doing: String { "bake a draft of" }
    var subject: String { source }
    var reason: String { "it has no work tree" }
    var exit: ExitCode { .usage }
}
