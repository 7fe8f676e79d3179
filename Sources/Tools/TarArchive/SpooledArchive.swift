import BakeModel
import Glibc
import LinuxSystem

/// An archive read once and verified, its files in a temporary file, so that any of them can be had in any order.
public final class SpooledArchive: Sendable {
    /// The entries in the archive's order.
    public let entries: [TreeEntry]
    /// What the archive turned out to be.
    public let summary: ArchiveSummary
    private let spool: Descriptor
    /// Where each entry's bytes are in the spool; those of its target for a hard link, nil for what has none.
    private let places: [Range<UInt64>?]
    /// The entry that each entry is another name of; its own number where it is none, or links to what is not there.
    private let originals: [Int]

    /// Reads an archive to its end.
    /// - Parameters:
    ///   - directory: where the temporary file is made. It has no name any more when this returns, and is gone with this
    ///     object or the process. The directory's file system needs room for the files' bytes.
    ///   - expected: the layer that the bytes must be; any archive where nil.
    public init(
        reading source: ArchiveBytes, in directory: String, expecting expected: Layer? = nil,
        limits: ArchiveLimits = ArchiveLimits()
    ) throws {
        let spool = try Self.namelessFile(in: directory)
        var index = SpoolIndex()
        summary = try ArchiveReader.read(source, limits: limits) { entry, content in
            let size = content.remaining
            try content.drain(to: spool)
            index.add(entry, size: size)
        }
        if let expected { try summary.check(is: expected) }
        self.spool = spool
        entries = index.entries
        places = index.places
        originals = index.originals
    }

    /// Reads the archive in a file or pipe, from where the descriptor stands.
    public convenience init(
        reading source: Descriptor, in directory: String, expecting expected: Layer? = nil,
        limits: ArchiveLimits = ArchiveLimits()
    ) throws {
        try self.init(reading: ArchiveBytes(source), in: directory, expecting: expected, limits: limits)
    }

    /// Reads the bytes of the entry with this number, from their start; nil for what is neither a regular file nor a hard
    /// link to one. Each result is a reader of its own, as `LayerWriter.append` takes it.
    public func content(of number: Int) -> ((UnsafeMutableRawBufferPointer) throws -> Int)? {
        guard var rest = places[number] else { return nil }
        return { [spool] buffer in
            let space = UnsafeMutableRawBufferPointer(
                rebasing: buffer[..<Int(min(UInt64(buffer.count), rest.upperBound - rest.lowerBound))])
            let count = try SystemError.check("read", "the spooled archive") {
                pread(spool.number, space.baseAddress, space.count, off_t(rest.lowerBound))
            }
            rest = (rest.lowerBound + UInt64(count))..<rest.upperBound
            return count
        }
    }

    /// The entry with this number as a file of its own, whatever becomes of the other names that the archive has for it.
    ///
    /// - Returns: the entry, a hard link replaced by what it links to; and the number of the entry that first named the
    ///   file: names of one file have it in common.
    public func file(of number: Int) -> (entry: TreeEntry, original: Int) {
        let original = originals[number]
        var entry = entries[original]
        entry.path = entries[number].path
        return (entry, original)
    }

    /// How many bytes the content of the entry with this number has; 0 for what has none.
    public func size(of number: Int) -> UInt64 {
        places[number].map { $0.upperBound - $0.lowerBound } ?? 0
    }

    private static func namelessFile(in directory: String) throws -> Descriptor {
        let path = "\(directory)/.bake-spool-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        let file = try Descriptor.open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
        try SystemError.check("remove the name of", path) { unlink(path) }
        return file
    }
}

/// Which bytes of the spool are whose.
private struct SpoolIndex {
    private(set) var entries: [TreeEntry] = []
    private(set) var places: [Range<UInt64>?] = []
    private(set) var originals: [Int] = []
    /// The entry that a path stands for, at this place of the archive.
    private var numbers: [TreePath: Int] = [:]
    private var end: UInt64 = 0

    /// Adds an entry whose bytes were written just now.
    mutating func add(_ entry: TreeEntry, size: UInt64) {
        let number = original(of: entry) ?? entries.count
        places.append(number < entries.count ? places[number] : place(of: entry, size: size))
        entries.append(entry)
        originals.append(number)
        numbers[entry.path] = number
    }

    private func original(of entry: TreeEntry) -> Int? {
        if case .hardlink(let target) = entry.kind { numbers[target] } else { nil }
    }

    private mutating func place(of entry: TreeEntry, size: UInt64) -> Range<UInt64>? {
        guard case .regular = entry.kind else { return nil }
        defer { end += size }
        return end..<(end + size)
    }
}
