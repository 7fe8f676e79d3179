import BakeModel
import Clibcrypto

/// SHA-1, as git has it at the end of its files and in the names of objects. libcrypto's `EVP_DigestUpdate`.
struct SHA1: ~Copyable {
    private let context: OpaquePointer?

    init() {
        context = EVP_MD_CTX_new()
        EVP_DigestInit_ex(context, EVP_sha1(), nil)
    }

    deinit { EVP_MD_CTX_free(context) }

    func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        EVP_DigestUpdate(context, base, bytes.count)
    }

    /// The 20 bytes; none where libcrypto refused SHA-1.
    consuming func finish() -> [UInt8] {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { buffer in
            buffer.initialize(repeating: 0)
            return EVP_DigestFinal_ex(context, buffer.baseAddress, nil) == 1 ? Array(buffer) : []
        }
    }
}
