/// One gzip member of a layer: bytes that another layer with the same content may copy.
public struct LayerMember: Hashable, Sendable {
    /// Names what it holds, so that equal names mean equal bytes: their digest, or one of names that they have.
    public let content: Digest
    /// The digest of the member as stored.
    public let stored: Digest
    /// Where it begins in the layer's blob, in bytes.
    public let offset: UInt64
    /// How many stored bytes it has.
    public let size: Int
    /// How many bytes it holds.
    public let plainSize: Int

    /// Describes a member.
    public init(content: Digest, stored: Digest, offset: UInt64, size: Int, plainSize: Int) {
        self.content = content
        self.stored = stored
        self.offset = offset
        self.size = size
        self.plainSize = plainSize
    }
}
