import BakeModel
import CBareLibraries
import GitRepository

/// Names of bytes.
enum DigestLoops {
    static func all() -> [Loop] {
        var raw = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        let bare = { (method: OpaquePointer?) in
            _ = EVP_Digest(Samples.large, Samples.large.count, &raw, nil, method, nil)
        }
        let small = Samples.files.map(\.bytes)
        return [
            .over(bytes: Samples.large.count, "libcrypto SHA-256") { bare(EVP_sha256()) },
            .over(bytes: Samples.large.count, "digest of bytes", limit: "libcrypto SHA-256") {
                _ = Digest.of(Samples.large)
            },
            .over(bytes: Samples.large.count, "libcrypto SHA-1") { bare(EVP_sha1()) },
            .over(bytes: Samples.fileBytes, "names of git blobs, 5 KB each", limit: "libcrypto SHA-1") {
                for bytes in small {
                    var hasher = ObjectHasher(kind: .blob, size: bytes.count)
                    bytes.withUnsafeBytes { hasher.update($0) }
                    _ = hasher.finish()
                }
            },
        ]
    }
}
