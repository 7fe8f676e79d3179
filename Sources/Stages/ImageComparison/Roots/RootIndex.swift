import BakeModel

/// Every path of a root, as the layers laid over each other leave it. OCI image specification, "Applying Changesets".
public struct RootIndex: Sendable {
    /// What stands at each path; the root itself is not among them.
    public internal(set) var entries: [TreePath: IndexedEntry] = [:]

    /// An empty root.
    init() {}

    /// Lays a layer over what is there: what it hides goes first, because whiteouts are of the layers below alone.
    mutating func apply(_ layer: LayerIndex) throws(ComparisonFault) {
        hide(layer)
        for (path, entry) in layer.entries { entries[path] = entry }
        for (path, target) in layer.links {
            guard let file = entries[target], !file.entry.kind.isDirectory else {
                throw .danglingLink(path, target)
            }
            entries[path] = file.linked(at: path)
        }
    }

    /// Takes away what the layer's whiteouts name, what lies in its opaque directories, and what lay below a directory
    /// where it has something else. One pass over the index, whatever there is to hide.
    private mutating func hide(_ layer: LayerIndex) {
        var emptied = layer.opaque
        for (path, entry) in layer.entries where !entry.entry.kind.isDirectory && isDirectory(path) {
            emptied.insert(path)
        }
        for path in layer.links.keys where isDirectory(path) { emptied.insert(path) }
        if emptied.isEmpty && layer.whiteouts.isEmpty { return }
        entries = entries.filter { path, _ in
            if layer.whiteouts.contains(path) { return false }
            var parent = path
            while !parent.isRoot {
                parent = parent.parent
                if emptied.contains(parent) || layer.whiteouts.contains(parent) { return false }
            }
            return true
        }
    }

    private func isDirectory(_ path: TreePath) -> Bool { entries[path]?.entry.kind.isDirectory == true }

    /// The part of the index that is a path and what lies below it.
    func limited(to subtree: TreePath) -> RootIndex {
        if subtree.isRoot { return self }
        var part = RootIndex()
        part.entries = entries.filter { $0.key.relative(to: subtree) != nil }
        return part
    }

    /// Where a path leads when symbolic links on the way to its last part are followed, as in the running image; nil where
    /// nothing stands there.
    public func place(of path: TreePath) -> TreePath? {
        var done = TreePath.root
        var rest = path.parts.map { Array($0) }
        var links = 0
        while let part = rest.first {
            rest.removeFirst()
            if part == Array("..".utf8) {
                done = done.parent
                continue
            }
            guard let next = try? done.appending(part: part), let found = entries[next] else { return nil }
            guard case .symlink(let target) = found.entry.kind, !rest.isEmpty else {
                done = next
                continue
            }
            links += 1
            guard links <= Self.linkLimit else { return nil }
            if target.first == UInt8(ascii: "/") { done = .root }
            rest = target.split(separator: UInt8(ascii: "/")).map { Array($0) }.filter { $0 != [0x2e] } + rest
        }
        return done
    }

    /// As in Linux (path_resolution(7)).
    private static let linkLimit = 40
}
