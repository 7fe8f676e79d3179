import LinuxSystem

/// The stored bytes of an archive, wherever they come from; read once.
public struct ArchiveBytes {
    /// Fills the buffer with the next bytes and returns how many; 0 at the end.
    let read: (UnsafeMutableRawBufferPointer) throws -> Int

    /// The bytes that a function gives, which fills the buffer and returns how many; 0 at the end.
    public init(_ read: @escaping (UnsafeMutableRawBufferPointer) throws -> Int) { self.read = read }

    /// The bytes of a file or pipe, from where the descriptor stands.
    public init(_ file: Descriptor) { read = { try file.read(into: $0) } }

    /// Bytes that are in memory.
    public init(_ bytes: [UInt8]) {
        var rest = bytes[...]
        read = { buffer in
            let count = min(buffer.count, rest.count)
            buffer.copyBytes(from: rest.prefix(count))
            rest = rest.dropFirst(count)
            return count
        }
    }
}
