import Czlib

/// Decompresses one gzip member piece by piece, with zlib's inflate(3), which checks CRC-32 and length at its end.
final class StreamInflater {
    private let stream: UnsafeMutablePointer<z_stream>

    /// What one piece came to.
    struct Part {
        let consumed: Int
        let produced: Int
        /// Whether the member ended, with CRC and length as they should be.
        let isEnd: Bool
    }

    /// A window of 32 KiB, and gzip's wrapper (16) instead of zlib's.
    private static let gzipWindowBits: Int32 = 15 + 16

    /// Makes an inflater.
    init() throws(ArchiveReadError) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(stream, Self.gzipWindowBits, ZLIB_VERSION, size) == Z_OK else {
            throw ArchiveReadError(.library("no memory for zlib"), "a gzip member")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Begins a member.
    func reset() throws(ArchiveReadError) {
        guard inflateReset(stream) == Z_OK else { throw failure() }
    }

    /// Decompresses as much as the bytes give and the buffer takes.
    func inflate(
        _ bytes: UnsafeRawBufferPointer, into buffer: UnsafeMutableRawBufferPointer
    ) throws(ArchiveReadError) -> Part {
        // zlib reads through this pointer only; its type lacks the const.
        let input = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
        stream.pointee.next_in = input?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(clamping: bytes.count)
        stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(clamping: buffer.count)
        let status = Czlib.inflate(stream, Z_NO_FLUSH)
        guard status == Z_OK || status == Z_STREAM_END else { throw failure() }
        return Part(
            consumed: bytes.count - Int(stream.pointee.avail_in),
            produced: buffer.count - Int(stream.pointee.avail_out), isEnd: status == Z_STREAM_END)
    }

    private func failure() -> ArchiveReadError {
        let text = stream.pointee.msg.map { String(cString: $0) } ?? "not a gzip member"
        return ArchiveReadError(.damagedCompression(text), "a gzip member")
    }
}
