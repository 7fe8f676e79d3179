/// How much an archive may ask for before it is refused. Everything is checked before the work is done.
public struct ArchiveLimits: Hashable, Sendable {
    /// Bytes of tar, and bytes of all regular files together (sparse files count in full). 64 GiB.
    public var bytes: UInt64 = 64 << 30
    /// Entries. 2,000,000.
    public var entries: Int = 2_000_000
    /// Bytes that one compressed byte may become, once there are more than `freeBytes`. Deflate's most is about 1,030;
    /// root file systems stay below 10. 200.
    public var ratio: UInt64 = 200
    /// Bytes that no ratio limits, so that small archives of zeros are fine. 64 MiB.
    public var freeBytes: UInt64 = 64 << 20
    /// Parts of a path. 128.
    public var pathDepth: Int = 128
    /// Bytes of one pax or GNU extension header, where long names and attributes are. 1 MiB, which is libarchive's most.
    public var extensionBytes: UInt64 = 1 << 20
    /// What becomes of device nodes.
    public var devices: Devices = .refused
    /// Whether xz is unpacked, in which the parts of a `.deb` are. No layer may be.
    public var acceptsXz = false

    /// What becomes of device nodes.
    public enum Devices: Hashable, Sendable {
        /// They are an error.
        case refused
        /// Those below `dev` are passed over, as in the tarball of a whole root; others are an error.
        case skippedBelowDev
    }

    /// The limits as documented above.
    public init() {}

    /// Throws where so many bytes out of so many compressed ones are too many.
    func check(bytes count: UInt64, fromCompressed compressed: UInt64, _ subject: String) throws(ArchiveReadError) {
        guard count <= bytes else { throw ArchiveReadError(.tooManyBytes(bytes), subject) }
        let (grown, overflow) = compressed.multipliedReportingOverflow(by: ratio)
        guard count <= freeBytes || overflow || count <= grown else { throw ArchiveReadError(.ratio(ratio), subject) }
    }
}
