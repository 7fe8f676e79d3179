import BakeModel
import BlobStorage
import GitRepository
import LinuxSystem
import RootFilesystem
import TarArchive

/// A layer before it is written: its entries, and where the bytes of each file come from.
struct LayerDraft {
    /// Where the bytes of a file come from.
    enum Source {
        /// Nowhere: the entry is no regular file.
        case none
        /// These bytes.
        case bytes([UInt8])
        /// A blob of the commit.
        case commit(CommitFiles, CommittedFile)
        /// A file of an archive that lies unpacked in a temporary file.
        case archive(SpooledArchive, index: Int)
    }

    private var entries: [TreePath: (entry: TreeEntry, source: Source)] = [:]

    /// The paths that are in it.
    var paths: Dictionary<TreePath, (entry: TreeEntry, source: Source)>.Keys { entries.keys }

    /// Puts an entry in; a later one at the same path wins.
    mutating func put(_ entry: TreeEntry, from source: Source) { entries[entry.path] = (entry, source) }

    /// The paths of its directories.
    var directories: Set<TreePath> { Set(entries.values.filter { $0.entry.kind == .directory }.map(\.entry.path)) }

    /// Puts a directory of the root below in: one that is only added along with its files stays as it is there, one that
    /// was given to somebody does not.
    mutating func keepDirectory(_ entry: TreeEntry) {
        guard let own = entries[entry.path]?.entry else { return putDirectory(entry) }
        if own.kind == .directory, own.owner == Owner(user: 0, group: 0) { put(entry, from: .none) }
    }

    /// Puts a directory in, unless something is there.
    mutating func putDirectory(_ entry: TreeEntry) {
        if entries[entry.path] == nil { entries[entry.path] = (entry, .none) }
    }

    /// The same entries at other paths. Where two meet, the later in path order wins.
    func moved(_ place: (TreePath) throws -> TreePath) rethrows -> LayerDraft {
        var draft = LayerDraft()
        for (path, value) in entries.sorted(by: { $0.key < $1.key }) {
            var entry = value.entry
            entry.path = try place(path)
            if case .hardlink(let target) = entry.kind { entry.kind = .hardlink(to: try place(target)) }
            draft.put(entry, from: value.source)
        }
        return draft
    }

    /// Writes the layer into a blob of the store.
    /// - Parameter meter: shows how much of it is written.
    func write(
        to store: BlobStore, compression: Compression, threads: Int, meter: ByteMeter? = nil
    ) throws -> Layer {
        let blob = try store.newBlob()
        meter?.begin("packing", growing: blob.descriptor)
        defer { meter?.end() }
        let layer = try store.writeLayer(
            to: blob.descriptor, compression: compression, threads: threads, append)
        _ = try blob.commit(claimed: layer.blob, size: layer.size)
        return layer
    }

    /// Writes the layer to a descriptor, in the canonical order.
    @discardableResult
    func write(to descriptor: Descriptor, threads: Int) throws -> Layer {
        let writer = try LayerWriter(to: descriptor, threads: threads)
        try append(to: writer)
        return try writer.finish()
    }

    private func append(to writer: LayerWriter) throws {
        let ordered = LinkedEntries.firstNameFirst(entries.values.map { ($0.entry, $0.source) })
        let ahead = CommitReadAhead(ordered)
        for (entry, source) in ordered { try writer.append(entry, content: try source.reader(ahead)) }
    }
}

extension LayerDraft.Source {
    /// Gives the bytes piece by piece; nil where there are none.
    fileprivate func reader(_ ahead: CommitReadAhead) throws -> ((UnsafeMutableRawBufferPointer) throws -> Int)? {
        switch self {
        case .none: return nil
        case .archive(let archive, let index): return archive.content(of: index)
        case .bytes(let bytes): return Self.reader(of: bytes)
        case .commit: return Self.reader(of: try ahead.next())
        }
    }

    private static func reader(of bytes: [UInt8]) -> (UnsafeMutableRawBufferPointer) throws -> Int {
        var rest = bytes[...]
        return { buffer in
            let count = min(buffer.count, rest.count)
            buffer.copyBytes(from: rest.prefix(count))
            rest = rest.dropFirst(count)
            return count
        }
    }
}

/// How much one layer may take.
enum LayerLimit {
    /// The largest file that is taken from a commit, in bytes.
    static let fileBytes = 1 << 30
}

/// The order of a layer's entries, in which the first name of a file carries its bytes and later ones link to it.
enum LinkedEntries {
    /// Sorts entries; where a link stands before what it links to, the two change roles.
    static func firstNameFirst(
        _ entries: [(TreeEntry, LayerDraft.Source)]
    ) -> [(TreeEntry, LayerDraft.Source)] {
        let byPath = Dictionary(entries.map { ($0.0.path, $0) }, uniquingKeysWith: { $1 })
        var firstName: [TreePath: TreePath] = [:]
        return entries.sorted { $0.0.path < $1.0.path }.map { entry, source in
            var file = (entry, source)
            if case .hardlink(let target) = entry.kind, let original = byPath[target] { file = original }
            guard case .regular = file.0.kind else { return (entry, source) }
            let original = file.0.path
            var written = file.0
            written.path = entry.path
            if let first = firstName[original] {
                written.kind = .hardlink(to: first)
                return (written, .none)
            }
            firstName[original] = entry.path
            return (written, file.1)
        }
    }
}
