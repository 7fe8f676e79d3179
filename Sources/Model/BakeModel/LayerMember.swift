/// One gzip member of a layer: bytes that another layer with the same content may copy.
public struct LayerMember: Hashable, Sendable {
    /// The digest of what it holds.
    public let plain: Digest
    /// The digest of the member as stored.
    public let stored: Digest
    /// Where it begins in the layer's blob, in bytes.
    public let offset: UInt64
    /// How many stored bytes it has.
    public let size: Int
    /// How many bytes it holds.
    public let plainSize: Int

    /// Describes a member.
    public init(plain: Digest, stored: Digest, offset: UInt64, size: Int, plainSize: Int) {
        self.plain = plain
        self.stored = stored
        self.offset = offset
        self.size = size
        self.plainSize = plainSize
    }
}
