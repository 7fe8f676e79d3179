import BakeModel

/// What a git object is.
public enum ObjectKind: String, Hashable, Sendable {
    case commit, tree, blob, tag
}

/// The name that git gives to bytes: SHA-1 of `KIND SIZE`, a NUL, and the bytes.
public struct ObjectHasher: ~Copyable {
    private var hash: SHA1

    /// Starts with an object's kind and size.
    public init(kind: ObjectKind, size: Int) {
        hash = SHA1()
        Array("\(kind.rawValue) \(size)\0".utf8).withUnsafeBytes { hash.update($0) }
    }

    /// Adds the next bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) { hash.update(bytes) }

    /// Ends the computation; never nil, as 20 bytes are a name.
    public consuming func finish() -> ObjectID? { ObjectID(raw: hash.finish()) }
}
