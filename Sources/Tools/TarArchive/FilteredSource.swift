import Clibarchive

/// Zstd frames one after another (RFC 8878), or an xz stream, through libarchive's filter and its format "raw".
///
/// The chain of filters is named, not guessed: a zstd stream within a zstd stream is not unwrapped.
final class FilteredSource: TarSource {
    /// The filters that are used.
    enum Filter: String {
        case zstd, xz

        fileprivate var code: Int32 { self == .zstd ? ARCHIVE_FILTER_ZSTD : ARCHIVE_FILTER_XZ }
    }

    private let archive: OpaquePointer
    private let filter: Filter
    private let feed: BlockFeed

    /// Opens the stream.
    init(_ filter: Filter, _ input: CompressedInput) throws {
        guard let archive = archive_read_new() else {
            throw ArchiveReadError(.library("no memory for libarchive"), "the \(filter) stream")
        }
        self.archive = archive
        self.filter = filter
        feed = BlockFeed(from: PlainSource(input))
        try check(archive_read_append_filter(archive, filter.code))
        try check(archive_read_set_format(archive, ARCHIVE_FORMAT_RAW))
        try check(feed.open(archive))
        var entry: OpaquePointer?
        try check(archive_read_next_header(archive, &entry))
    }

    deinit { archive_read_free(archive) }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = archive_read_data(archive, buffer.baseAddress, buffer.count)
        try check(count < 0 ? Int32(clamping: count) : ARCHIVE_OK)
        return count
    }

    private func check(_ status: Int32) throws {
        guard status != ARCHIVE_OK else { return }
        if let failure = feed.failure { throw failure }
        let text = archive_error_string(archive).map { String(cString: $0) } ?? "no \(filter) frame"
        archive_clear_error(archive)
        throw ArchiveReadError(.damagedCompression(text), "the \(filter) stream")
    }
}
