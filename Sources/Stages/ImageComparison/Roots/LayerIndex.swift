import BakeModel
import BlobStorage
import RootFilesystem

/// What one layer brings and hides, as one verified pass over its archive found it.
struct LayerIndex {
    private(set) var entries: [TreePath: IndexedEntry] = [:]
    /// Other names of files, and the names that they are of.
    private(set) var links: [TreePath: TreePath] = [:]
    /// Paths of which nothing of the layers below is left.
    private(set) var whiteouts: Set<TreePath> = []
    /// Directories in which nothing of the layers below is left.
    private(set) var opaque: Set<TreePath> = []
    private let layer: Int
    private var count = 0

    /// - Parameter number: which layer of the image it is.
    init(_ number: Int) { layer = number }

    /// Takes what is known of a layer of a store; what nobody has read yet is read.
    /// - Throws: `ArchiveReadError`, with `otherDigest` where the bytes are not the layer's.
    init(reading layer: Layer, number: Int, from store: BlobStore) throws {
        self.init(number)
        try LayerContentsCache(store: store).contents(of: layer, hashed: true).forEach {
            try add($0.entry, content: $0.digest)
        }
    }

    /// Takes the next entry of the archive; a later one of the same path wins.
    mutating func add(_ entry: TreeEntry, content: Digest?) throws {
        defer { count += 1 }
        guard !entry.path.isRoot else { return }
        switch Whiteout(name: entry.path.name) {
        case .opaque: opaque.insert(entry.path.parent)
        case .of(let name): whiteouts.insert(try entry.path.parent.appending(part: name))
        case .meaningless: break
        case nil: add(entry, content)
        }
    }

    private mutating func add(_ entry: TreeEntry, _ content: Digest?) {
        if case .hardlink(let target) = entry.kind {
            entries[entry.path] = nil
            // A link to a link is a name of the same file.
            links[entry.path] = links[target] ?? target
        } else {
            links[entry.path] = nil
            entries[entry.path] = IndexedEntry(entry: entry, content: content, layer: layer, number: count)
        }
    }
}

extension TreeEntry.Kind {
    /// Whether other entries may lie below it.
    var isDirectory: Bool { self == .directory }
}
