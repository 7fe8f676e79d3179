import BakeModel
import BlobStorage
import Glibc
import LinuxSystem

/// The root that layers make together, asked path by path: nothing is mounted or unpacked, and of the layers only those
/// are looked into that have a say. OCI image specification, "Applying Changesets"; path_resolution(7).
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

    /// The root of layers whose indexes are all in the cache; nil where one would have to be read for it.
    init?(indexed layers: [Layer], in store: BlobStore) {
        self.layers = layers
        self.store = store
        cache = LayerContentsCache(store: store)
        for (number, layer) in layers.enumerated() {
            guard let contents = cache.kept(layer) else { return nil }
            known[number] = contents
        }
    }

    /// What stands at a path: of a file that has several names the file itself.
    /// - Parameter followsLink: whether a symbolic link at the path's end is followed, too.
    /// - Throws: `LayeredTreeError`; as `LayerContentsCache.contents`.
    public func entry(at path: [UInt8], followsLink: Bool) throws -> TreeEntry {
        try original(of: resolve(path, followsLink: followsLink)).entry
    }

    /// The regular file to which a path leads.
    /// - Throws: as `entry`; also where something else stands there.
    public func file(at path: [UInt8]) throws -> LayeredFile {
        let found = try resolve(path, followsLink: true)
        let file = try original(of: found)
        switch file.entry.kind {
        case .regular(let size):
            guard let offset = file.offset, let contents = found.contents else {
                throw LayeredTreeError.onlyUnpackingTells
            }
            return LayeredFile(
                entry: file.entry, digest: file.digest, range: offset..<(offset + size), contents: contents,
                store: store)
        case .directory: throw LayeredTreeError.refused("read", path, EISDIR)
        case .symlink, .hardlink, .fifo: throw LayeredTreeError.refused("read", path, EINVAL)
        }
    }

    /// The names in a directory, sorted by their bytes.
    /// - Throws: as `entry`.
    public func names(in path: [UInt8]) throws -> [[UInt8]] {
        let found = try resolve(path, followsLink: true)
        guard found.isDirectory else { throw LayeredTreeError.refused("open", path, ENOTDIR) }
        var names: Set<[UInt8]> = []
        var hidden: Set<[UInt8]> = []
        for number in layers.indices.reversed() {
            let contents = try plainContents(number)
            if let entry = try contents.entry(at: found.path), entry.entry.kind != .directory { break }
            let own = contents.names(in: found.path)
            names.formUnion(own.filter { Whiteout(name: $0) == nil && !hidden.contains($0) })
            for name in own { if case .of(let gone) = Whiteout(name: name) { hidden.insert(gone) } }
            if try own.contains(Whiteout.opaqueName) || contents.hides(found.path) { break }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// What stands at a path itself.
    private struct Found {
        let path: TreePath
        /// Its layer; nil for the root of layers that say nothing of it.
        let contents: LayerContents?
        /// Nil for a directory that the layer has no entry of, only something below it.
        let entry: ContentsEntry?
        var isDirectory: Bool { entry.map { $0.entry.kind == .directory } ?? true }

        /// The root as it is where no layer says what it is.
        static let root = Found(
            path: .root, contents: nil,
            entry: ContentsEntry(
                TreeEntry(path: .root, kind: .directory, mode: 0o755), digest: nil, offset: nil))
    }

    /// The file of which an entry is another name.
    private func original(of found: Found) throws -> ContentsEntry {
        var entry = found.entry
        for _ in 0..<Self.linkLimit {
            guard case .hardlink(let target) = entry?.entry.kind else { break }
            entry = try found.contents?.entry(at: target)
        }
        guard let entry else { throw LayeredTreeError.onlyUnpackingTells }
        return entry
    }

    /// What a path leads to, links followed inside the root.
    private func resolve(_ path: [UInt8], followsLink: Bool) throws -> Found {
        try throughDirectories(path, followsLink: followsLink) ?? partByPart(path, followsLink: followsLink)
    }

    /// Most paths lead through directories alone: then a layer that has the whole path says so. Nil for all others.
    private func throughDirectories(_ path: [UInt8], followsLink: Bool) throws -> Found? {
        guard path.first == UInt8(ascii: "/"), let clean = try? TreePath(cleaning: path), !clean.isRoot,
            clean.bytes.count + 1 == path.count, !clean.parts.contains(where: { Whiteout(name: $0) != nil }),
            let found = try search(clean)
        else { return nil }
        if followsLink, case .symlink = found.entry?.entry.kind { return nil }
        return found
    }

    private func partByPart(_ path: [UInt8], followsLink: Bool) throws -> Found {
        guard !path.contains(0) else { throw LayeredTreeError.refused("open", path, EINVAL) }
        var rest = Self.parts(path)
        var found = Found.root
        var (isDirectoryWanted, links) = (Self.endsInSlash(path), 0)
        while let part = rest.popLast() {
            guard found.isDirectory else { throw LayeredTreeError.refused("open", path, ENOTDIR) }
            if part == Array("..".utf8) {
                found = try find(found.path.parent, path)
                continue
            }
            guard let next = try? found.path.appending(part: part) else {
                throw LayeredTreeError.refused("open", path, ENAMETOOLONG)
            }
            let stands = try find(next, path)
            guard case .symlink(let target) = stands.entry?.entry.kind,
                followsLink || isDirectoryWanted || !rest.isEmpty
            else {
                found = stands
                continue
            }
            links += 1
            guard links <= Self.linkLimit else { throw LayeredTreeError.refused("open", path, ELOOP) }
            if rest.isEmpty, Self.endsInSlash(target) { isDirectoryWanted = true }
            if target.first == UInt8(ascii: "/") { found = .root }
            rest += Self.parts(target)
        }
        guard found.isDirectory || !isDirectoryWanted else { throw LayeredTreeError.refused("open", path, ENOTDIR) }
        return found.path.isRoot ? try root() : found
    }

    /// The parts of a path from the last to the first.
    private static func parts(_ path: some Collection<UInt8>) -> [[UInt8]] {
        path.split(separator: UInt8(ascii: "/")).map { Array($0) }.filter { $0 != [UInt8(ascii: ".")] }.reversed()
    }

    /// Whether a path says that a directory stands at its end.
    private static func endsInSlash(_ path: some BidirectionalCollection<UInt8>) -> Bool {
        path.last == UInt8(ascii: "/") || path.suffix(2).elementsEqual("/.".utf8)
    }

    /// The highest layer that has an entry for the root decides what it is; without one it is root's, 0755.
    private func root() throws -> Found {
        for number in layers.indices.reversed() {
            let contents = try plainContents(number)
            if let entry = try contents.entry(at: .root) {
                return Found(path: .root, contents: contents, entry: entry)
            }
        }
        return .root
    }

    /// What stands at a path that leads through directories alone.
    /// - Parameter whole: the path that is asked for.
    private func find(_ path: TreePath, _ whole: [UInt8]) throws -> Found {
        if path.isRoot { return .root }
        guard Whiteout(name: path.name) == nil, let found = try search(path) else {
            throw LayeredTreeError.refused("open", whole, ENOENT)
        }
        return found
    }

    /// The first layer from above that has an entry of a path, or something below it; nil where none has, or a layer before
    /// hides it or has something else than a directory above it.
    private func search(_ path: TreePath) throws -> Found? {
        for number in layers.indices.reversed() {
            let contents = try plainContents(number)
            if let entry = try contents.entry(at: path) { return Found(path: path, contents: contents, entry: entry) }
            if contents.hasEntries(below: path) { return Found(path: path, contents: contents, entry: nil) }
            if try contents.hides(path) { return nil }
        }
        return nil
    }

    private func plainContents(_ number: Int) throws -> LayerContents {
        let contents = try known[number] ?? cache.contents(of: layers[number])
        known[number] = contents
        guard contents.isPlain else { throw LayeredTreeError.onlyUnpackingTells }
        return contents
    }
}

/// Why an index of layers does not tell what stands at a path. Whoever asks takes the refusal for the answer, or asks the
/// unpacked layers.
public enum LayeredTreeError: Error, Hashable {
    /// Nothing stands there, or something else than is asked for: what the kernel would say of the root.
    case refused(SystemError)
    /// What stands below links of the same layer, or twice in one; the bytes of a sparse file; the mode of a directory that
    /// no layer has an entry of.
    case onlyUnpackingTells

    fileprivate static func refused(_ doing: String, _ path: [UInt8], _ number: Int32) -> LayeredTreeError {
        .refused(SystemError(doing, String(decoding: path, as: UTF8.self), number: number))
    }
}
