import Clibarchive

/// Hands the bytes of a source to libarchive, block by block.
final class BlockFeed {
    private let source: any TarSource
    private let block = UnsafeMutableRawBufferPointer.allocate(byteCount: BlockFeed.blockSize, alignment: 16)
    /// What reading the source threw; an error cannot travel through C.
    private(set) var failure: (any Error)?

    /// As large as the members of a layer or larger, so that each is decompressed straight into it.
    private static let blockSize = 1 << 20

    /// Makes a feed in front of a source.
    init(from source: any TarSource) { self.source = source }

    deinit { block.deallocate() }

    /// Opens the archive on this feed, which must live as long; returns libarchive's status.
    func open(_ archive: OpaquePointer) -> Int32 {
        archive_read_open(
            archive, Unmanaged.passUnretained(self).toOpaque(), nil,
            { _, context, block in
                guard let context, let block else { return -1 }
                return Unmanaged<BlockFeed>.fromOpaque(context).takeUnretainedValue().next(block)
            }, nil)
    }

    /// Points at the next block, valid until the one after; returns its length, 0 at the end, -1 after a failure.
    private func next(_ pointer: UnsafeMutablePointer<UnsafeRawPointer?>) -> Int {
        do {
            pointer.pointee = UnsafeRawPointer(block.baseAddress)
            return try source.read(into: block)
        } catch {
            failure = error
            return -1
        }
    }

    /// Reads what libarchive left, to the end.
    func drain() throws {
        while try source.read(into: block) > 0 {}
    }
}
