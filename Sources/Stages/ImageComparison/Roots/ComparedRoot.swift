import BakeModel
import BlobStorage
import LinuxSystem
import RootFilesystem

/// One side of a comparison: an image of a store, or a directory of this machine that is a root.
public enum ComparedRoot: Sendable {
    /// The layers, the lowest first, whose blobs the store has.
    case image([Layer], BlobStore)
    /// A directory's absolute path.
    case directory(String)

    /// The layers; none of a directory.
    var layers: [Layer] { if case .image(let layers, _) = self { layers } else { [] } }

    /// Reads the root once from end to end. Nothing is mounted or unpacked.
    public func index() throws -> RootIndex { try index(layersFrom: 0, over: RootIndex()) }

    /// Lays the layers from a number on over an index of those below.
    func index(layersFrom first: Int, through last: Int? = nil, over below: RootIndex) throws -> RootIndex {
        var index = below
        switch self {
        case .image(let layers, let store):
            for number in first..<(last ?? layers.count) {
                try index.apply(try LayerIndex(reading: layers[number], number: number, from: store))
            }
        case .directory(let path):
            try TreeScan.walk(path) { entry, file in
                index.entries[entry.path] = IndexedEntry(
                    entry: entry, content: try file.map(ContentDigest.of), layer: 0, number: 0)
            }
        }
        return index
    }

    /// The bytes of regular files, by path; of each layer no more is read than it takes.
    /// - Parameter limit: longer files are left out.
    func contents(of wanted: [IndexedEntry], limit: Int) throws -> [TreePath: [UInt8]] {
        let files = wanted.filter { $0.content != nil && $0.size <= UInt64(limit) }
        switch self {
        case .image(let layers, let store):
            var found: [TreePath: [UInt8]] = [:]
            for (number, files) in Dictionary(grouping: files, by: \.layer) {
                found.merge(try Self.read(files, in: layers[number], store)) { $1 }
            }
            return found
        case .directory(let path):
            let paths = Set(files.map(\.entry.path))
            var found: [TreePath: [UInt8]] = [:]
            guard !paths.isEmpty else { return found }
            try TreeScan.walk(path) { entry, file in
                if let file, paths.contains(entry.path) { found[entry.path] = try file.readAll(limit: limit) }
            }
            return found
        }
    }

    private static func read(_ files: [IndexedEntry], in layer: Layer, _ store: BlobStore) throws -> [TreePath: [UInt8]]
    {
        let byNumber = Dictionary(grouping: files, by: \.number)
        var found: [TreePath: [UInt8]] = [:]
        try LayerContentsCache(store: store).contents(of: layer).read(Set(byNumber.keys), from: store) {
            number, bytes in
            for name in byNumber[number] ?? [] { found[name.entry.path] = bytes }
        }
        return found
    }
}

/// A root that cannot be compared.
public enum ComparisonFault: ExplainedError, Hashable {
    /// A hard link names nothing that has bytes.
    case danglingLink(TreePath, TreePath)

    public var doing: String { "read the image's file" }
    public var subject: String {
        switch self {
        case .danglingLink(let path, _): "/\(path)"
        }
    }
    public var reason: String {
        switch self {
        case .danglingLink(_, let target): "it is a hard link to /\(target), which is no file"
        }
    }
    public var exit: ExitCode { .damaged }
}
