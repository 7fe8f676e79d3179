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

    /// What a whole member of bake's holds. Nil where it is damaged, or larger than any that bake writes.
    func inflate(_ member: [UInt8]) -> [UInt8]? {
        member.withUnsafeBytes { bytes in
            let size = GzipMember.plainSize(of: bytes)
            guard size <= MemberCutter.mostEver else { return nil }
            var isWhole = false
            let plain = [UInt8](unsafeUninitializedCapacity: max(size, 1)) { buffer, count in
                let found = inflate(bytes, into: UnsafeMutableRawBufferPointer(buffer))
                isWhole = found?.consumed == bytes.count && found?.produced == size
                count = isWhole ? size : 0
            }
            return isWhole ? plain : nil
        }
    }
}
