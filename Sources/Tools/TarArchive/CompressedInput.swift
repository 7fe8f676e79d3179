import BakeModel

/// The stored bytes of an archive: read once, hashed and counted, seen through a window of a little more than 1 MiB.
final class CompressedInput {
    private let source: ArchiveBytes
    private var storage: [UInt8]
    private var start = 0
    private var end = 0
    private var hasher: DigestHasher?
    /// How many bytes have been read from the descriptor.
    private(set) var size: UInt64 = 0
    private var atEnd = false

    /// The most bytes that can be seen at once: the largest member of a layer, which may not have become smaller.
    static let windowSize = (1 << 20) + (16 << 10)

    /// Reads from the first byte.
    /// - Parameters:
    ///   - window: how many bytes can be seen at once, where there are no more than these.
    ///   - isHashed: whether anybody asks for their digest.
    init(_ source: ArchiveBytes, window: Int = windowSize, isHashed: Bool = true) {
        self.source = source
        hasher = isHashed ? DigestHasher() : nil
        storage = [UInt8](repeating: 0, count: min(window, Self.windowSize))
    }

    /// How many bytes can be seen now.
    var available: Int { end - start }

    /// Makes at least `count` bytes visible (at most the window's size), fewer only at the end; returns how many are.
    func fill(_ count: Int) throws -> Int {
        while available < count, !atEnd { try readMore() }
        return available
    }

    private func readMore() throws {
        if start > 0 {
            storage.withUnsafeMutableBytes { $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
            (start, end) = (0, end - start)
        }
        let count = try storage.withUnsafeMutableBytes {
            let space = UnsafeMutableRawBufferPointer(rebasing: $0[end...])
            let count = try source.read(space)
            hasher?.update(UnsafeRawBufferPointer(rebasing: space[..<count]))
            return count
        }
        atEnd = count == 0
        end += count
        size += UInt64(count)
    }

    /// Shows the visible bytes.
    func withWindow<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try storage.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
    }

    /// Passes over visible bytes.
    func consume(_ count: Int) { start += count }

    /// The digest of all bytes, where they are hashed; call it once, at the end.
    func digest() throws(ArchiveReadError) -> Digest {
        guard let digest = hasher.take()?.finish() else { throw ArchiveReadError(.contentClosed, "its end") }
        return digest
    }
}
