import BakeModel

/// A gzip member as it stands in a layer: what it takes to find it, to prove it, and to know which bytes of the tar it holds.
public struct StoredMember: Hashable, Sendable {
    /// The digest of the member as stored.
    public let digest: Digest
    /// How many stored bytes it has.
    public let size: Int
    /// How many bytes of the tar it holds.
    public let plainSize: Int

    /// Describes a member.
    public init(digest: Digest, size: Int, plainSize: Int) {
        self.digest = digest
        self.size = size
        self.plainSize = plainSize
    }

    /// A member that was written now.
    public init(_ member: LayerMember) {
        self.init(digest: member.stored, size: member.size, plainSize: member.plainSize)
    }
}

/// A member, decompressed.
struct InflatedMember: Sendable {
    /// The bytes of tar.
    let plain: [UInt8]
    /// What it is as stored; nil where nobody asked.
    let stored: StoredMember?

    /// Decompresses a member; nil where it is damaged.
    /// - Parameter hashing: whether the digest of the stored bytes is wanted.
    init?(_ member: [UInt8], by inflater: MemberInflater, hashing: Bool) {
        guard let plain = inflater.inflate(member) else { return nil }
        self.plain = plain
        stored = hashing ? StoredMember(digest: Digest.of(member), size: member.count, plainSize: plain.count) : nil
    }
}
