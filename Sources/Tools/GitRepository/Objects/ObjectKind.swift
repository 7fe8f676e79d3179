import BakeModel

/// What a git object is.
public enum ObjectKind: String, Hashable, Sendable {
    case commit, tree, blob, tag
}

/// The name that git gives to bytes: SHA-1 of `KIND SIZE`, a NUL, and the bytes.
public struct ObjectHasher: ~Copyable {
    private let hash: SHA1

    /// Starts with an object's kind and size.
    public init(kind: ObjectKind, size: Int) {
        hash = SHA1()
        Array("\(kind.rawValue) \(size)\0".utf8).withUnsafeBytes { hash.update($0) }
    }

    /// Adds the next bytes.
    public func update(_ bytes: UnsafeRawBufferPointer) { hash.update(bytes) }

    /// Ends the computation; nil where libcrypto refused SHA-1.
    public consuming func finish() -> ObjectID? { ObjectID(raw: hash.finish()) }
}
