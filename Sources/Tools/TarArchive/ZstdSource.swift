import Clibarchive

/// Zstd frames one after another (RFC 8878), through libarchive's filter and its format "raw".
///
/// The chain of filters is named, not guessed: a zstd stream within a zstd stream is not unwrapped.
final class ZstdSource: TarSource {
    private let archive: OpaquePointer
    private let feed: BlockFeed

    /// Opens the stream.
    init(_ input: CompressedInput) throws {
        guard let archive = archive_read_new() else { throw Self.outOfMemory }
        self.archive = archive
        feed = BlockFeed(from: PlainSource(input))
        try check(archive_read_append_filter(archive, ARCHIVE_FILTER_ZSTD))
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

    private static let outOfMemory = ArchiveReadError(.library("no memory for libarchive"), "the zstd stream")

    private func check(_ status: Int32) throws {
        guard status != ARCHIVE_OK else { return }
        if let failure = feed.failure { throw failure }
        let text = archive_error_string(archive).map { String(cString: $0) } ?? "no zstd frame"
        archive_clear_error(archive)
        throw ArchiveReadError(.damagedCompression(text), "the zstd stream")
    }
}
