import BakeModel
import BlobStorage
import LinuxSystem

/// The root that layers make together, asked path by path: nothing is mounted or unpacked, and of the layers only those
/// are looked into that have a say. OCI image specification, "Applying Changesets".
public final class LayeredTree {
    private let layers: [Layer]
    private let store: BlobStore
    private let cache: LayerContentsCache
    private var known: [Int: LayerContents] = [:]

    /// As in Linux (path_resolution(7)).
    private static let linkLimit = 40

    /// The root of these layers, the lowest first.
    public init(_ layers: [Layer], in store: BlobStore) {
        self.layers = layers
        self.store = store
        cache = LayerContentsCache(store: store)
    }

    /// The regular file to which a path leads, links followed inside the root.
    /// - Returns: nil where no regular file stands there, and where only unpacking tells: below links of the same layer,
    ///   and for sparse files.
    /// - Throws: as `LayerContentsCache.contents`.
    public func file(at path: TreePath) throws -> LayeredFile? {
        guard let found = try resolve(path), let entry = found.entry else { return nil }
        let contents = try contents(found.layer)
        guard let file = try original(of: entry, in: contents), let offset = file.offset,
            case .regular(let size) = file.entry.kind
        else { return nil }
        return LayeredFile(
            entry: file.entry, digest: file.digest, range: offset..<(offset + size), contents: contents, store: store)
    }

    /// The file of which an entry is another name.
    private func original(of entry: ContentsEntry, in contents: LayerContents) throws -> ContentsEntry? {
        var entry = entry
        for _ in 0..<Self.linkLimit {
            guard case .hardlink(let target) = entry.entry.kind else { return entry }
            guard let next = try contents.entry(at: target) else { return nil }
            entry = next
        }
        return nil
    }

    /// What stands at a path itself.
    private struct Found {
        let layer: Int
        /// Nil for a directory that the layer has no entry of, only something below it.
        let entry: ContentsEntry?
    }

    private func find(_ path: TreePath) throws -> Found? {
        guard Whiteout(name: path.name) == nil else { return nil }
        for number in layers.indices.reversed() {
            let contents = try contents(number)
            guard contents.isPlain else { return nil }
            if let entry = try contents.entry(at: path) { return Found(layer: number, entry: entry) }
            if contents.hasEntries(below: path) { return Found(layer: number, entry: nil) }
            if try contents.hides(path) { return nil }
        }
        return nil
    }

    private func resolve(_ path: TreePath) throws -> Found? {
        var done = TreePath.root
        var found: Found?
        var rest = path.parts.map { Array($0) }
        var links = 0
        while let part = rest.first {
            rest.removeFirst()
            if part == Array("..".utf8) {
                (done, found) = (done.parent, nil)
                continue
            }
            guard let next = try? done.appending(part: part), let stands = try find(next) else { return nil }
            if case .symlink(let target) = stands.entry?.entry.kind {
                links += 1
                guard links <= Self.linkLimit else { return nil }
                if target.first == UInt8(ascii: "/") { done = .root }
                rest = target.split(separator: UInt8(ascii: "/")).map { Array($0) }.filter { $0 != [0x2e] } + rest
                continue
            }
            let isDirectory = stands.entry.map { $0.entry.kind == .directory } ?? true
            guard isDirectory || rest.isEmpty else { return nil }
            (done, found) = (next, stands)
        }
        return found
    }

    private func contents(_ number: Int) throws -> LayerContents {
        if let contents = known[number] { return contents }
        let contents = try cache.contents(of: layers[number])
        known[number] = contents
        return contents
    }
}
