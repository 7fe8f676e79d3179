import Clibdeflate

/// Compresses whole gzip members (RFC 1952) with libdeflate: no name, no time, operating system 255 (unknown).
///
/// The bytes depend on libdeflate's version and the level, not on the processor (measured on five models).
struct GzipEncoder: ~Copyable {
    private let handle: OpaquePointer

    /// Makes a compressor. Throws where memory is short.
    init(_ compression: Compression) throws(LayerWriteError) {
        guard let handle = libdeflate_alloc_compressor(compression.level) else { throw .outOfMemory }
        self.handle = handle
    }

    deinit { libdeflate_free_compressor(handle) }

    /// One member that holds these bytes.
    func member(of bytes: [UInt8]) throws(LayerWriteError) -> [UInt8] {
        let bound = libdeflate_gzip_compress_bound(handle, bytes.count)
        let member = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            count = bytes.withUnsafeBytes {
                libdeflate_gzip_compress(handle, $0.baseAddress, $0.count, buffer.baseAddress, buffer.count)
            }
        }
        // Zero stands for "does not fit", which the bound rules out.
        guard !member.isEmpty else { throw .outOfMemory }
        return member
    }
}
