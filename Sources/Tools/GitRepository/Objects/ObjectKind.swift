import Clibcrypto
import BakeModel

/// What a git object is.
public enum ObjectKind: String, Hashable, Sendable {
    case commit, tree, blob, tag
}

/// The name that git gives to bytes: SHA-1 of `KIND SIZE`, a NUL, and the bytes. libcrypto's `EVP_DigestUpdate`.
public struct ObjectHasher: ~Copyable {
    private let context: OpaquePointer?

    /// Starts with an object's kind and size.
    public init(kind: ObjectKind, size: Int) {
        context = EVP_MD_CTX_new()
        EVP_DigestInit_ex(context, EVP_sha1(), nil)
        Array("\(kind.rawValue) \(size)\0".utf8).withUnsafeBytes { update($0) }
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Adds the next bytes.
    public func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        EVP_DigestUpdate(context, base, bytes.count)
    }

    /// Ends the computation; nil where libcrypto refused SHA-1.
    public consuming func finish() -> ObjectID? {
        let raw = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { buffer in
            buffer.initialize(repeating: 0)
            let done = EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
            return done == 1 ? Array(buffer) : []
        }
        return ObjectID(raw: raw)
    }
}
