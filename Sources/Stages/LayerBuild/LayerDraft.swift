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

    /// Puts an entry in; a later one at the same path wins. Names of one file are put in one by one, each with its kind and
    /// the same source: only what is written links them, and only those that are there.
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
            draft.put(entry, from: value.source)
        }
        return draft
    }

    /// How many bytes its files have.
    var size: UInt64 {
        entries.values.reduce(0) { sum, file in
            guard case .regular(let size) = file.entry.kind else { return sum }
            return sum.addingReportingOverflow(size).partialValue
        }
    }

    /// Writes the layer into a blob of the store.
    /// - Parameters:
    ///   - meter: shows how much of it is written.
    ///   - copy: takes the tar itself besides; nil where nobody wants it.
    func write(
        to store: BlobStore, compression: Compression, threads: Int, meter: ByteMeter? = nil,
        copyingTo copy: Descriptor? = nil
    ) throws -> Layer {
        let blob = try store.newBlob()
        meter?.begin("packing", growing: blob.descriptor)
        defer { meter?.end() }
        let layer = try store.writeLayer(
            to: blob.descriptor, compression: compression, threads: threads, copyingTo: copy, append)
        try blob.commit(written: layer.blob, size: layer.size)
        return layer
    }

    /// Writes its tar, not compressed, in the canonical order.
    func writeTar(to output: Descriptor) throws {
        let writer = try TarWriter(to: output)
        try append(to: writer)
        try writer.finish()
    }

    private func append(to writer: some TarEntryWriter) throws {
        var names = LinkedNames()
        let ordered = entries.sorted { $0.key < $1.key }.map { _, file -> (TreeEntry, Self.Source) in
            let entry = names.linked(file.entry, from: file.source)
            return (entry, entry.kind == file.entry.kind ? file.source : .none)
        }
        let ahead = CommitReadAhead(ordered)
        for (entry, source) in ordered {
            let content = try source.reader(ahead)
            if case .commit(_, let file) = source, let content {
                // Every file of a commit is proved by its name when it is read.
                try writer.append(entry, called: file.object.raw, content: content)
            } else {
                try writer.append(entry, content: content)
            }
        }
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

/// The first names of the files of a layer, as its entries come in the canonical order: the first carries the bytes, later
/// ones link to it.
struct LinkedNames {
    private struct File: Hashable {
        let archive: ObjectIdentifier
        let number: Int
        /// Everything but the path: a rule may have changed it for one name.
        let entry: TreeEntry
    }

    private var firstNames: [File: TreePath] = [:]

    /// The entry as it is written: a link, where the file of that archive has a name already.
    mutating func linked(_ entry: TreeEntry, from source: LayerDraft.Source) -> TreeEntry {
        guard case .archive(let archive, let number) = source, case .regular = entry.kind else { return entry }
        var nameless = entry
        nameless.path = .root
        let file = File(archive: ObjectIdentifier(archive), number: number, entry: nameless)
        var written = entry
        if let first = firstNames[file] { written.kind = .hardlink(to: first) } else { firstNames[file] = entry.path }
        return written
    }
}
