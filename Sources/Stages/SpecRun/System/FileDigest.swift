import Clibcrypto

/// The digests that goss knows, of files that may be larger than memory. libcrypto's `EVP_DigestUpdate`.
enum FileDigest {
    enum Algorithm: String { case md5, sha256, sha512 }

    /// The digest of a regular file of an image, in lower-case hexadecimal digits.
    static func hex(_ algorithm: Algorithm, of path: String, in root: any ImageRoot) throws -> String {
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestInit_ex(context, method(algorithm), nil) == 1 else {
            throw StateError(subject: path, reason: "libcrypto has no \(algorithm.rawValue)")
        }
        try root.read(path) { piece in EVP_DigestUpdate(context, piece.baseAddress, piece.count) }
        var raw = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        EVP_DigestFinal_ex(context, &raw, &length)
        return raw.prefix(Int(length)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private static func method(_ algorithm: Algorithm) -> OpaquePointer? {
        switch algorithm {
        case .md5: EVP_md5()
        case .sha256: EVP_sha256()
        case .sha512: EVP_sha512()
        }
    }
}
