import BakeModel
import LinuxSystem

/// The digest of bytes that stream by.
enum ContentDigest {
    static func of(_ file: Descriptor) throws -> Digest { try of { try file.read(into: $0) } }

    private static func of(_ read: (UnsafeMutableRawBufferPointer) throws -> Int) throws -> Digest {
        var hasher = DigestHasher()
        try withUnsafeTemporaryAllocation(byteCount: 128 << 10, alignment: 16) { buffer in
            while case let count = try read(buffer), count > 0 {
                hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
        return hasher.finish()
    }
}
