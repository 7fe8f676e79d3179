import BakeModel
import Clibdeflate

/// Compresses whole gzip members with libdeflate.
///
/// The bytes depend on libdeflate's version and the level, not on the processor (a test asks five models of qemu's).
struct GzipEncoder: ~Copyable {
    private let handle: OpaquePointer
    private let flags: UInt8

    /// Makes a compressor. Throws where memory is short.
    init(_ compression: Compression) throws(LayerWriteError) {
        guard let handle = libdeflate_alloc_compressor(compression.level) else { throw .outOfMemory }
        self.handle = handle
        flags = compression.flags
    }

    deinit { libdeflate_free_compressor(handle) }

    /// One member that holds these bytes.
    func member(of plain: [UInt8]) throws(LayerWriteError) -> [UInt8] {
        let frame = GzipMember.headerSize + GzipMember.trailerSize
        let bound = libdeflate_deflate_compress_bound(handle, plain.count) + frame
        let member = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            count = plain.withUnsafeBytes { compress($0, into: UnsafeMutableRawBufferPointer(buffer)) }
        }
        // Zero stands for "does not fit", which the bound rules out.
        guard !member.isEmpty else { throw .outOfMemory }
        return member
    }

    private func compress(_ plain: UnsafeRawBufferPointer, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let body = UnsafeMutableRawBufferPointer(
            rebasing: buffer[GzipMember.headerSize..<(buffer.count - GzipMember.trailerSize)])
        let count = libdeflate_deflate_compress(handle, plain.baseAddress, plain.count, body.baseAddress, body.count)
        guard count > 0 else { return 0 }
        let end = GzipMember.headerSize + count
        let size = end + GzipMember.trailerSize
        GzipMember.writeHeader(buffer, size: size, flags: flags)
        GzipMember.writeTrailer(UnsafeMutableRawBufferPointer(rebasing: buffer[end..<size]), of: plain)
        return size
    }
}
