import BakeModel
import Glibc
import LinuxSystem

/// Where a path leads in a root, link by link, also where its end does not exist yet.
struct DirectoryResolution {
    /// What stands at a path, as far as it matters for the way.
    enum Step {
        case directory(TreeEntry)
        case link(to: [UInt8])
        /// A file, or nothing: no way leads on.
        case end
    }

    /// Tells what stands at a path that leads through directories alone.
    typealias Lookup = (TreePath) throws -> Step

    /// As many links as the kernel follows.
    private static let linkLimit = 40
    private let lookUp: Lookup
    private var stack: [TreeEntry] = []
    private var links = 0

    init(_ lookUp: @escaping Lookup) { self.lookUp = lookUp }

    /// Follows a path to its end, or to what does not exist or is no directory: the rest stays as it is written.
    mutating func resolve(_ path: TreePath) throws -> ExaminedDirectory {
        var parts = path.parts.map(Array.init)
        while let part = parts.first {
            parts.removeFirst()
            if part == Array("..".utf8) {
                _ = stack.popLast()
                continue
            }
            let place = try reached.appending(part: part)
            switch try lookUp(place) {
            case .link(let target): parts = try follow(target, at: place) + parts
            case .directory(let entry): stack.append(entry)
            case .end: return ExaminedDirectory(path: try rest(place, parts), existing: stack)
            }
        }
        return ExaminedDirectory(path: reached, existing: stack)
    }

    private var reached: TreePath { stack.last?.path ?? .root }

    private mutating func follow(_ target: [UInt8], at place: TreePath) throws -> [[UInt8]] {
        links += 1
        guard links <= Self.linkLimit else { throw SystemError("follow", "/\(place)", number: ELOOP) }
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
