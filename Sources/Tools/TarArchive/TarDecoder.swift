import BakeModel
import Clibarchive
import Glibc

/// libarchive's reader for tar and nothing else, with no filter of its own. The only place that calls it for entries.
final class TarDecoder {
    private let archive: OpaquePointer
    private let locale: CharacterLocale
    private let tar: VerifiedTar
    private let feed: BlockFeed
    private let limits: ArchiveLimits
    private var entries = 0
    private var skipped = 0
    private var declared: UInt64 = 0
    private var produced: UInt64 = 0

    /// Opens a tar.
    init(_ tar: VerifiedTar, _ limits: ArchiveLimits) throws {
        locale = try CharacterLocale.ascii()
        guard let archive = archive_read_new() else {
            throw ArchiveReadError(.library("no memory for libarchive"), "its head")
        }
        self.archive = archive
        self.tar = tar
        self.limits = limits
        feed = BlockFeed(from: tar)
        try check(archive_read_support_format_tar(archive), "its head")
        try check(feed.open(archive), "its head")
    }

    deinit { archive_read_free(archive) }

    /// The next entry that is not passed over, and its content; nil at the end.
    func next() throws -> (TreeEntry, ArchiveContent)? {
        while true {
            var header: OpaquePointer?
            let status = locale.run {
                // As for writing: what an earlier call left there would be taken for a lack of memory.
                errno = 0
                return archive_read_next_header(archive, &header)
            }
            if status == ARCHIVE_EOF, feed.failure == nil { return nil }
            try check(isAboutCharacters(status) ? ARCHIVE_OK : status, "its next header")
            archive_clear_error(archive)
            guard let header else { throw ArchiveReadError(.ambiguous, "the tar") }
            let facts = try tar.takeFacts()
            guard let entry = try EntryTranslation(header, limits).entry(facts) else {
                skipped += 1
                continue
            }
            entries += 1
            return (entry, try content(of: entry, facts))
        }
    }

    /// Whether this is the warning about a name that is not ASCII, whose bytes are kept.
    private func isAboutCharacters(_ status: Int32) -> Bool {
        guard status == ARCHIVE_WARN, let text = archive_error_string(archive) else { return false }
        return String(cString: text).hasSuffix("can't be converted from UTF-8 to current locale.")
    }

    private func content(of entry: TreeEntry, _ facts: EntryFacts) throws -> ArchiveContent {
        guard case .regular(let size) = entry.kind else {
            return ArchiveContent(self, entry.path, size: 0, hole: false, offset: facts.dataOffset)
        }
        let (sum, overflow) = declared.addingReportingOverflow(size)
        guard !overflow, sum <= limits.bytes else {
            throw ArchiveReadError(.tooManyBytes(limits.bytes), entry.path.description)
        }
        declared = sum
        let offset = facts.isSparse ? nil : facts.dataOffset
        return ArchiveContent(self, entry.path, size: size, hole: facts.isSparse, offset: offset)
    }

    /// The next bytes of the current entry's data; 0 at their end.
    func readData(into buffer: UnsafeMutableRawBufferPointer, of path: TreePath) throws -> Int {
        let count = archive_read_data(archive, buffer.baseAddress, buffer.count)
        try check(count < 0 ? Int32(clamping: count) : ARCHIVE_OK, path.description)
        try self.count(produced: count, of: path)
        return count
    }

    /// Counts bytes of content, holes too, against the limits.
    func count(produced count: Int, of path: TreePath) throws(ArchiveReadError) {
        produced += UInt64(count)
        try limits.check(bytes: produced, fromCompressed: tar.compressedSize, path.description)
    }

    /// Reads what follows the last entry.
    /// - Returns: how many bytes of tar there were.
    func end() throws -> UInt64 {
        try feed.drain()
        return try tar.end(entries: entries + skipped)
    }

    /// Reads what follows the last entry and tells what was read.
    func finish() throws -> ArchiveSummary {
        try feed.drain()
        return try tar.finish(entries: entries, skipped: skipped)
    }

    /// Reads and clears libarchive's error; what stopped its input comes before it.
    private func check(_ status: Int32, _ subject: String) throws {
        if let failure = feed.failure { throw failure }
        guard status != ARCHIVE_OK else { return }
        let text =
            archive_error_string(archive).map { String(cString: $0) } ?? "libarchive gives no reason (status \(status))"
        archive_clear_error(archive)
        throw ArchiveReadError(.library(text), subject)
    }
}
