import BakeModel
import BlobStorage
import CLinux
import Glibc
import LinuxSystem

/// Finds out where directories really are in the root that layers make together, and what stands above them.
struct ExamineTask: RootTask {
    static let name = "examine"
    let layers: [Layer]
    let directories: [TreePath]

    init(layers: [Layer], directories: [TreePath]) {
        self.layers = layers
        self.directories = directories
    }

    init(_ message: TaskMessage) throws {
        layers = try message.layers("layers")
        directories = try message.list("directories", TreePath.init(message:))
    }

    var message: JSON {
        ["layers": .array(layers.map(\.message)), "directories": .array(directories.map(\.message))]
    }

    func perform(in store: BlobStore) throws -> JSON {
        let root = try mount(layers, for: .reading, in: store)
        let top = try root.open()
        return .array(try directories.map { try ExaminedDirectory.find($0, in: top).message })
    }
}

/// Where a directory really is, and the directories above and at it that are there.
public struct ExaminedDirectory: Hashable, Sendable {
    /// The path after every link on the way was followed, inside the root.
    public let path: TreePath
    /// The directories along that path that exist, the uppermost first.
    public let existing: [TreeEntry]

    /// A root without any files.
    static func absent(_ path: TreePath) -> ExaminedDirectory { ExaminedDirectory(path: path, existing: []) }

    static func find(_ path: TreePath, in root: Descriptor) throws -> ExaminedDirectory {
        var found = TreePath.root
        var existing: [TreeEntry] = []
        var rest = path.parts[...]
        while let part = rest.first {
            let next = try found.appending(part: part)
            guard let directory = try open(next, in: root) else { break }
            let real = try realPath(of: directory, in: root)
            existing = real == next ? existing : []
            for above in real.ancestorsAndSelf where !existing.contains(where: { $0.path == above }) {
                guard let status = try open(above, in: root)?.status() else { continue }
                existing.append(entry(above, status))
            }
            found = real
            rest = rest.dropFirst()
        }
        for part in rest { found = try found.appending(part: part) }
        return ExaminedDirectory(path: found, existing: existing)
    }

    private static func entry(_ path: TreePath, _ status: stat) -> TreeEntry {
        TreeEntry(
            path: path, kind: .directory, mode: UInt16(status.st_mode & 0o7777),
            owner: Owner(user: status.st_uid, group: status.st_gid))
    }

    /// The directory, links followed; nil where nothing is there.
    private static func open(_ path: TreePath, in root: Descriptor) throws -> Descriptor? {
        let number = clinux_open_in_root(root.number, cString(path), O_RDONLY | O_DIRECTORY, 0)
        if number >= 0 { return Descriptor(owning: number) }
        if errno == ENOENT { return nil }
        throw SystemError("open", "/\(path)")
    }

    private static func realPath(of directory: Descriptor, in root: Descriptor) throws -> TreePath {
        let whole = try TreePath(cleaning: directory.pathBytes)
        guard let path = whole.relative(to: try TreePath(cleaning: root.pathBytes)) else {
            throw TreeError.missing(whole)
        }
        return path
    }
}

extension ExaminedDirectory {
    var message: JSON {
        [
            "path": path.message,
            "existing": .array(
                existing.map {
                    [
                        "path": $0.path.message, "mode": .number(Int64($0.mode)),
                        "user": .number(Int64($0.owner.user)), "group": .number(Int64($0.owner.group)),
                    ]
                }),
        ]
    }

    init(message: JSON) throws {
        let message = TaskMessage(message)
        path = try message.value("path", TreePath.init(message:))
        existing = try message.list("existing") { item in
            let item = TaskMessage(item)
            return TreeEntry(
                path: try item.value("path", TreePath.init(message:)), kind: .directory,
                mode: try item.value("mode") { $0.number.flatMap(UInt16.init(exactly:)) },
                owner: Owner(
                    user: try item.value("user") { $0.number.flatMap(UInt32.init(exactly:)) },
                    group: try item.value("group") { $0.number.flatMap(UInt32.init(exactly:)) }))
        }
    }
}

extension TreePath {
    /// The directories above this path and the path itself, without the root, the uppermost first.
    fileprivate var ancestorsAndSelf: [TreePath] {
        isRoot ? [] : parent.ancestorsAndSelf + [self]
    }
}

extension Descriptor {
    /// The bytes of the path that the kernel knows for it.
    fileprivate var pathBytes: [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = readlink("/proc/self/fd/\(number)", &buffer, 4095)
        return Array(buffer.prefix(max(0, count)))
    }
}
