import BakeModel
import Glibc
import LinuxSystem

/// Walks a directory of this machine as a tree, never through a symbolic link and never onto another file system.
///
/// Sockets and device nodes are passed over: a layer has none.
public struct TreeScan {
    private let device: dev_t
    private let root: Descriptor
    private let each: (TreeEntry, Descriptor?) throws -> Void

    /// Gives every entry to `each`, a directory before what is in it; a regular file comes open, at its start.
    /// - Throws: `SystemError`, `TreeError.tooDeep`, and what `each` throws.
    public static func walk(_ path: String, each: @escaping (TreeEntry, Descriptor?) throws -> Void) throws {
        let root = try Descriptor.open(path, O_RDONLY | O_DIRECTORY)
        try TreeScan(device: try root.status().st_dev, root: root, each: each).contents(of: root, at: .root, depth: 1)
    }

    private func contents(of directory: Descriptor, at path: TreePath, depth: Int) throws {
        guard depth <= TreeWalk.depthLimit else { throw TreeError.tooDeep(path) }
        for name in try directory.sortedNames() {
            guard let status = try directory.entry(name), status.st_dev == device else { continue }
            let place = TreePlace(parent: directory, path: try path.appending(part: name))
            try visit(place, status, depth: depth)
        }
    }

    private func visit(_ place: TreePlace, _ status: stat, depth: Int) throws {
        switch status.format {
        case S_IFDIR:
            try each(try place.entry(status, .directory), nil)
            try contents(of: try place.parent.subdirectory(place.name), at: place.path, depth: depth + 1)
        case S_IFREG:
            let number = try SystemError.check("open", "/\(place.path)") {
                openat(place.parent.number, place.rawName, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            }
            try each(try place.entry(status, .regular(size: UInt64(status.st_size))), Descriptor(owning: number))
        case S_IFLNK: try each(try place.entry(status, .symlink(target: try place.linkTarget())), nil)
        case S_IFIFO: try each(try place.entry(status, .fifo), nil)
        default: break
        }
    }
}
