import BakeModel

/// Walks a tree and all below it, with limits: a few objects can spell out a tree of billions of names.
struct TreeWalk {
    private let reader: GitReader
    private let limits: GitLimits
    private let root: ObjectID
    private var files: [CommittedFile] = []
    private var submodules: [TreePath] = []
    private var waiting: [(path: TreePath, id: ObjectID, depth: Int)]
    private var seen = 0
    /// How many directories are asked for at once: enough to spare the waiting, few enough to hold their bytes.
    private static let batch = 128

    init(_ root: ObjectID, at path: TreePath, _ reader: GitReader) {
        self.reader = reader
        self.root = root
        limits = reader.limits
        waiting = [(path, root, path.parts.count + 1)]
    }

    /// Reads all trees. Iterative, because the stacks of threads are small.
    consuming func tree() throws -> CommittedTree {
        while !waiting.isEmpty {
            let next = waiting.suffix(Self.batch)
            waiting.removeLast(next.count)
            if let deep = next.first(where: { $0.depth > limits.depth }) {
                throw TreeWalkError.tooDeep(deep.path, limits.depth)
            }
            for (directory, items) in zip(next, try reader.trees(next.map(\.id))) {
                for item in items { try add(item, below: directory) }
            }
        }
        return CommittedTree(
            root: root, files: files.sorted { $0.path < $1.path }, submodules: submodules.sorted())
    }

    private mutating func add(_ item: TreeItem, below parent: (path: TreePath, id: ObjectID, depth: Int)) throws {
        seen += 1
        guard seen <= limits.entries else { throw TreeWalkError.tooMany(root, limits.entries) }
        let path = parent.path.appending(try Self.part(item.name, below: parent.path))
        guard path.bytes.count <= 4095 else { throw TreeWalkError.tooDeep(path, limits.depth) }
        if let mode = CommittedFile.Mode(item.mode) {
            files.append(CommittedFile(path: path, mode: mode, object: item.object))
        } else if item.mode == .directory {
            waiting.append((path, item.object, parent.depth + 1))
        } else {
            submodules.append(path)
        }
    }

    private static func part(_ name: [UInt8], below parent: TreePath) throws(TreeWalkError) -> TreePath {
        do { return try TreePath(cleaning: name) } catch {
            throw .badName(parent, String(decoding: name, as: UTF8.self))
        }
    }
}

/// A tree that bake does not walk to its end.
public enum TreeWalkError: ExplainedError, Hashable {
    /// Directories are nested deeper than the limit.
    case tooDeep(TreePath, Int)
    /// It has more names than the limit.
    case tooMany(ObjectID, Int)
    /// A name cannot be part of a path.
    case badName(TreePath, String)

    public var doing: String { "walk the commit's tree" }

    public var subject: String {
        switch self {
        case .tooDeep(let path, _): path.description
        case .tooMany(let root, _): root.hex
        case .badName(let parent, let name): "\(parent)/\(name)"
        }
    }

    public var reason: String {
        switch self {
        case .tooDeep(_, let limit):
            "directories are nested deeper than \(limit), or the path is longer than 4,095 bytes"
        case .tooMany(_, let limit): "it has more than \(limit) names"
        case .badName: "the name cannot be part of a path"
        }
    }
}
