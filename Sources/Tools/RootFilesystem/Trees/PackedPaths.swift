import BakeModel
import CLinux
import Glibc
import LinuxSystem
import TarArchive

extension TreePacker {
    /// Packs some paths of a tree and their parents, at the same paths. A path below another is packed once.
    /// - Throws: `TreeError.missing`.
    mutating func pack(_ paths: [TreePath], of root: Descriptor) throws {
        var previous: TreePath?
        var parents: Set<TreePath> = []
        for path in paths.sorted() {
            if let previous, path.relative(to: previous) != nil { continue }
            previous = path
            if path.isRoot { return try packContents(of: root, at: path) }
            try pack(path, of: root, &parents)
        }
    }

    private mutating func pack(_ path: TreePath, of root: Descriptor, _ parents: inout Set<TreePath>) throws {
        var directory = root
        var reached = TreePath.root
        for part in path.parent.parts {
            reached = try reached.appending(part: part)
            guard let status = try directory.entry(part), status.format == S_IFDIR else {
                throw TreeError.missing(path)
            }
            let place = TreePlace(parent: directory, path: reached)
            if parents.insert(reached).inserted { try packAlone(place, status) }
            directory = try directory.subdirectory(part)
        }
        guard let status = try directory.entry(path.name) else { throw TreeError.missing(path) }
        try pack(TreePlace(parent: directory, path: path), status)
    }
}

extension TreePacker {
    /// Packs a whole tree. Its root is an entry where mode or owner are not those expected.
    mutating func packTree(_ root: Descriptor, besides expected: stat) throws {
        let status = try root.status()
        if !status.looksLike(expected) { try packAlone(TreePlace(parent: root, path: .root), status) }
        try packContents(of: root, at: .root)
    }
}

extension OverlayRoot {
    /// Packs what changed since the root was mounted.
    func packChanges(to writer: LayerWriter, without secrets: [SandboxSecret] = []) throws {
        guard let upper else { return }
        var packer = TreePacker(to: writer, .overlay, without: secrets)
        try packer.packTree(try Descriptor.open(upper, O_RDONLY | O_DIRECTORY), besides: rootStatus)
    }
}

extension stat {
    /// Whether mode and owner are the same.
    func looksLike(_ other: stat) -> Bool {
        st_mode == other.st_mode && st_uid == other.st_uid && st_gid == other.st_gid
    }

    /// A directory of root's, 0755: what a root is where nothing says otherwise.
    static var plainRoot: stat {
        var status = stat()
        status.st_mode = S_IFDIR | 0o755
        return status
    }
}
