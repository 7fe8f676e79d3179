/// How much a repository may cost before it is refused.
public struct GitLimits: Hashable, Sendable {
    /// Seconds of processor time for one request; a damaged object can make the library loop for ever.
    public var processorSeconds = 30
    /// Seconds until one request is given up, waiting for the disk included.
    public var deadline: Double = 300
    /// Bytes of address space of the helper. An object is read whole there, so this bounds the largest one.
    public var addressSpace: UInt64 = 6 << 30
    /// Names in the tree of a commit.
    public var entries = 1_000_000
    /// How deep directories may be nested.
    public var depth = 128
    /// Bytes of a commit or a tree object.
    public var documentBytes = 64 << 20
    /// How many changed and unknown paths `status` lists.
    public var statusPaths = 100_000

    /// The limits that fit every repository that is not hostile.
    public init() {}
}
