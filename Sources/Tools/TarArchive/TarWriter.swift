import BakeModel
import LinuxSystem

/// What takes the entries of an archive one after the other.
public protocol TarEntryWriter {
    /// Adds an entry; see `LayerWriter.append`.
    func append(_ entry: TreeEntry, content: ((UnsafeMutableRawBufferPointer) throws -> Int)?) throws

    /// Adds a regular file whose bytes have a name already, and are proved to: equal names mean equal bytes.
    func append(
        _ entry: TreeEntry, called name: [UInt8], content: @escaping (UnsafeMutableRawBufferPointer) throws -> Int
    ) throws
}

extension TarEntryWriter {
    public func append(
        _ entry: TreeEntry, called name: [UInt8], content: @escaping (UnsafeMutableRawBufferPointer) throws -> Int
    ) throws {
        try append(entry, content: content)
    }
}

/// Writes the canonical tar of `LayerWriter` as it is, neither compressed nor hashed: for whoever takes it at once.
public final class TarWriter: TarEntryWriter {
    private let encoder: TarEncoder

    /// Starts an archive.
    /// - Parameter output: a file or pipe.
    public init(to output: Descriptor) throws { encoder = try TarEncoder(to: PlainSink(output)) }

    public func append(_ entry: TreeEntry, content: ((UnsafeMutableRawBufferPointer) throws -> Int)?) throws {
        try encoder.append(entry, content: content)
    }

    /// Ends the archive.
    public func finish() throws { try encoder.finish() }
}

/// Writes tar where it goes.
private final class PlainSink: TarSink {
    private let output: Descriptor

    init(_ output: Descriptor) { self.output = output }

    func accept(_ block: UnsafeRawBufferPointer) throws { try output.write(block) }
}
