import Clibdeflate

/// Decompresses gzip members that are in memory as a whole, with libdeflate, which checks CRC-32 and length.
final class MemberInflater {
    private let handle: OpaquePointer

    /// Makes a decompressor.
    init() throws(ArchiveReadError) {
        guard let handle = libdeflate_alloc_decompressor() else {
            throw ArchiveReadError(.library("no memory for libdeflate"), "a gzip member")
        }
        self.handle = handle
    }

    deinit { libdeflate_free_decompressor(handle) }

    /// Decompresses the first member of the bytes. Nil where it is damaged, incomplete or larger than the buffer.
    func inflate(
        _ bytes: UnsafeRawBufferPointer, into buffer: UnsafeMutableRawBufferPointer
    ) -> (consumed: Int, produced: Int)? {
        var consumed = 0
        var produced = 0
        let result = libdeflate_gzip_decompress_ex(
            handle, bytes.baseAddress, bytes.count, buffer.baseAddress, buffer.count, &consumed, &produced)
        return result == LIBDEFLATE_SUCCESS ? (consumed, produced) : nil
    }
}
