import BakeModel
import LinuxSystem

/// Writes a layer: a canonical tar in gzip members, the same bytes for the same entries on every machine, under every
/// locale and with any number of threads.
///
/// The canonical form: entries in the order of `TreePath`; POSIX ustar headers, and a pax header only where one is
/// needed (long or non-ASCII names, large numbers, attributes as `SCHILY.xattr`); the constant time
/// `Timestamp.insideImages`; no user or group names, no access or change times, no ACLs, no sparse maps; two zero
/// blocks and nothing after them; gzip members of 32 to 256 KiB of tar, cut where the content says (`MemberCutter`),
/// each with its length in its header (`GzipMember`).
///
/// One thread at a time may use it. It needs about 2 MiB and 2 MiB for each thread, however large the layer is.
public final class LayerWriter: TarEntryWriter {
    private let encoder: TarEncoder
    private let sink: BlockSink
    private let watcher: Watcher?
    private let isReusing: Bool
    /// Sees each entry, with the place in the tar where its bytes begin.
    public typealias Watcher = (_ entry: TreeEntry, _ offset: UInt64) throws -> Void

    /// What the next layer may copy from this one, once it is finished; empty without `reusing`.
    public private(set) var members: [LayerMember] = []

    /// Starts a layer.
    /// - Parameters:
    ///   - output: where the compressed bytes go; never synced here.
    ///   - compression: how hard to compress.
    ///   - threads: how many threads compress; no matter for the bytes. More than 8 count as 8.
    ///   - lookup: members that this encoder version wrote before: they are copied, not compressed again. No matter for
    ///     the bytes.
    ///   - copy: takes the tar itself besides, for whoever unpacks it meanwhile; nil where nobody does.
    ///   - watcher: is told of every entry that is added.
    public init(
        to output: Descriptor, compression: Compression = .fast, threads: Int, reusing lookup: MemberLookup? = nil,
        copyingTo copy: Descriptor? = nil, watcher: Watcher? = nil
    ) throws {
        self.watcher = watcher
        isReusing = lookup != nil
        let pipeline = MemberPipeline(to: output, compression: compression, threads: threads, reusing: lookup)
        sink = BlockSink(pipeline, copyingTo: copy)
        encoder = try TarEncoder(to: sink)
    }

    /// Adds an entry. After an error the layer is of no use any more.
    /// - Parameters:
    ///   - entry: comes after the one before it in the order of `TreePath`, never twice. Parents may be absent (they may
    ///     belong to a lower layer); those present must be directories.
    ///   - content: fills the buffer with the next bytes of a regular file and returns how many, 0 at the end. It must
    ///     give exactly the entry's size. Nil for everything but a regular file; may be nil for an empty one.
    public func append(_ entry: TreeEntry, content: ((UnsafeMutableRawBufferPointer) throws -> Int)? = nil) throws {
        try encoder.append(entry, content: content, watcher: watcher)
    }

    /// Adds a regular file whose bytes have a name, up to 255 bytes: members are found by it without hashing them. No matter for
    /// the bytes.
    ///
    /// A large file's name is not used: where little of it changes, the members of the rest are found by what they hold.
    public func append(
        _ entry: TreeEntry, called name: [UInt8], content: @escaping (UnsafeMutableRawBufferPointer) throws -> Int
    ) throws {
        guard isReusing, case .regular(let size) = entry.kind, (1...UInt64(MemberCutter.most)).contains(size) else {
            return try append(entry, content: content)
        }
        try encoder.append(entry, content: content) { [sink, watcher] entry, offset in
            sink.name(offset..<offset + size, name)
            try watcher?(entry, offset)
        }
    }

    /// Ends the layer and waits until all of it is written, but not until it is on the disk.
    public func finish() throws -> Layer {
        try encoder.finish()
        let (layer, members) = try sink.finish()
        self.members = members
        return layer
    }
}
