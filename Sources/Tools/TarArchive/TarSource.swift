/// Gives the bytes of a tar, decompressed.
protocol TarSource: AnyObject {
    /// Fills the buffer with the next bytes and returns how many; 0 only at the verified end of the stored bytes.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

/// What an archive's first bytes say about its compression.
enum StoredFormat {
    case plain, gzip, zstd, xz

    /// Looks at the first bytes. What is neither gzip (RFC 1952) nor zstd (RFC 8878), nor xz where that is accepted,
    /// counts as plain tar, whose own headers are checked later.
    static func detect(_ input: CompressedInput, _ limits: ArchiveLimits) throws -> StoredFormat {
        guard try input.fill(6) > 0 else { throw ArchiveReadError(.truncated, "its first byte") }
        return input.withWindow {
            if $0.starts(with: [0x1f, 0x8b]) { return .gzip }
            if limits.acceptsXz, $0.starts(with: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]) { return .xz }
            return $0.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) ? .zstd : .plain
        }
    }

    /// The source that decompresses this format.
    /// - Parameter watcher: sees the gzip members that say how long they are.
    func source(_ input: CompressedInput, watcher: MarkedMembers.Watcher? = nil) throws -> any TarSource {
        switch self {
        case .plain: PlainSource(input)
        case .gzip: GzipSource(input, watcher: watcher)
        case .zstd: try FilteredSource(.zstd, input)
        case .xz: try FilteredSource(.xz, input)
        }
    }
}

/// A tar that is stored as it is.
final class PlainSource: TarSource {
    private let input: CompressedInput

    /// Passes the input on.
    init(_ input: CompressedInput) { self.input = input }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = min(try input.fill(1), buffer.count)
        input.withWindow { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        input.consume(count)
        return count
    }
}
