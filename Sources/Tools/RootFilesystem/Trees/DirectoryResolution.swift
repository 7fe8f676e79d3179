import BakeModel
import Glibc
import LinuxSystem

/// Where a path leads in a root, link by link, also where its end does not exist yet.
struct DirectoryResolution {
    /// As many links as the kernel follows.
    private static let linkLimit = 40
    private let root: Descriptor
    private var stack: [(directory: Descriptor, entry: TreeEntry)] = []
    private var links = 0

    init(in root: Descriptor) { self.root = root }

    /// Follows a path to its end, or to what does not exist or is no directory: the rest stays as it is written.
    mutating func resolve(_ path: TreePath) throws -> ExaminedDirectory {
        var parts = path.parts.map(Array.init)
        while let part = parts.first {
            parts.removeFirst()
            if part == Array("..".utf8) {
                _ = stack.popLast()
                continue
            }
            let directory = stack.last?.directory ?? root
            let place = try reached.appending(part: part)
            let status = try directory.entry(part)
            switch status?.format {
            case S_IFLNK: parts = try follow(TreePlace(parent: directory, path: place)) + parts
            case S_IFDIR:
                let entry = try TreePlace(parent: directory, path: place).entry(status ?? stat(), .directory)
                stack.append((try directory.subdirectory(part), entry))
            default: return ExaminedDirectory(path: try rest(place, parts), existing: stack.map(\.entry))
            }
        }
        return ExaminedDirectory(path: reached, existing: stack.map(\.entry))
    }

    private var reached: TreePath { stack.last?.entry.path ?? .root }

    private mutating func follow(_ place: TreePlace) throws -> [[UInt8]] {
        links += 1
        guard links <= Self.linkLimit else { throw SystemError("follow", "/\(place.path)", number: ELOOP) }
        let target = try place.linkTarget()
        if target.first == UInt8(ascii: "/") { stack = [] }
        return target.split(separator: UInt8(ascii: "/")).filter { $0 != [0x2e] }.map(Array.init)
    }

    private func rest(_ place: TreePath, _ parts: [[UInt8]]) throws -> TreePath {
        var path = place
        for part in parts { path = part == Array("..".utf8) ? path.parent : try path.appending(part: part) }
        return path
    }
}

/// Where a path really leads in a root.
public struct ExaminedDirectory: Hashable, Sendable {
    /// The path without links.
    public let path: TreePath
    /// The directories of that path that exist, the highest first, without the root: all of it where the last one's
    /// path is `path`.
    public let existing: [TreeEntry]
}
