import BakeModel
import Clibcrypto

/// SHA-1, as git has it at the end of its files and in the names of objects. libcrypto's `SHA1_Update`, for the reason that
/// `DigestHasher` gives.
struct SHA1: ~Copyable {
    private var state = SHA_CTX()

    init() { SHA1_Init(&state) }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        SHA1_Update(&state, base, bytes.count)
    }

    /// The 20 bytes.
    consuming func finish() -> [UInt8] {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { buffer in
            buffer.initialize(repeating: 0)
            SHA1_Final(buffer.baseAddress, &state)
            return Array(buffer)
        }
    }
}
