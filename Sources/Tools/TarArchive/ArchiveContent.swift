import BakeModel
import LinuxSystem

/// The bytes of the entry that is being read; empty for everything but a regular file. Of use only until the reader
/// goes on to the next entry.
public final class ArchiveContent {
    private let decoder: TarDecoder
    private let path: TreePath
    private let endsInHole: Bool
    private var isOpen = true
    /// How many bytes are still to be read.
    public private(set) var remaining: UInt64
    /// Where the bytes begin in the tar; nil for those of a sparse file, which are not one piece of it.
    public let offset: UInt64?

    init(_ decoder: TarDecoder, _ path: TreePath, size: UInt64, hole: Bool, offset: UInt64?) {
        self.decoder = decoder
        self.path = path
        endsInHole = hole
        self.offset = offset
        remaining = size
    }

    /// Fills the buffer with the next bytes, holes as zeros, and returns how many; 0 at the end.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard isOpen else { throw ArchiveReadError(.contentClosed, path.description) }
        let space = UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(min(remaining, UInt64(buffer.count)))])
        guard !space.isEmpty else { return 0 }
        var count = try decoder.readData(into: space, of: path)
        if count == 0 { count = try fillHole(space) }
        remaining -= UInt64(count)
        return count
    }

    /// What follows a sparse file's last data.
    private func fillHole(_ space: UnsafeMutableRawBufferPointer) throws(ArchiveReadError) -> Int {
        guard endsInHole else { throw ArchiveReadError(.truncated, path.description) }
        try decoder.count(produced: space.count, of: path)
        space.initializeMemory(as: UInt8.self, repeating: 0)
        return space.count
    }

    /// Writes what remains to a descriptor.
    public func drain(to output: Descriptor) throws {
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        try buffer.withUnsafeMutableBytes { buffer in
            while true {
                let count = try read(into: buffer)
                if count == 0 { return }
                try output.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
    }

    /// Reads what remains. Whoever calls has looked at `remaining` first.
    public func readAll() throws -> [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while case let count = try piece.withUnsafeMutableBytes({ try read(into: $0) }), count > 0 {
            bytes += piece[..<count]
        }
        return bytes
    }

    func close() { isOpen = false }
}
