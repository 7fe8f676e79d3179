import Clibcrypto

/// The SHA-256 of some bytes: the name under which they are stored.
///
/// A value exists only for well-formed text (`sha256:` and 64 lower-case hexadecimal digits, as in the OCI image
/// specification), so it is safe as a path component.
public struct Digest: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The 64 lower-case hexadecimal digits, without the algorithm.
    public let hex: String

    /// Reads `sha256:HEX`; nil for every other spelling.
    public init?(_ text: some StringProtocol) {
        guard text.hasPrefix("sha256:") else { return nil }
        self.init(hex: text.dropFirst(7))
    }

    /// Reads 64 lower-case hexadecimal digits.
    public init?(hex: some StringProtocol) {
        guard Hexadecimal.isLowerCase(hex.utf8, count: 64) else { return nil }
        self.hex = String(hex)
    }

    /// Takes 32 bytes; nil for any other number.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.init(raw: bytes)
    }

    init(raw: some Sequence<UInt8>) {
        hex = Hexadecimal.text(of: raw)
    }

    /// The digest of bytes that are in memory.
    public static func of(_ bytes: some Collection<UInt8>) -> Digest {
        var hasher = DigestHasher()
        hasher.update(bytes)
        return hasher.finish()
    }

    /// The 32 bytes.
    public var bytes: [UInt8] { Hexadecimal.bytes(of: hex) }

    /// `sha256:HEX`, as OCI documents spell it.
    public var description: String { "sha256:\(hex)" }

    /// The twelve digits shown where a person only has to recognise it.
    public var short: String { "sha256:\(hex.prefix(12))" }

    public static func < (left: Digest, right: Digest) -> Bool { left.hex < right.hex }
}

/// The first digits of a digest, as people copy them from a line: `sha256:` and 6 to 63 lower-case hexadecimal digits.
public struct DigestPrefix: Hashable, Sendable, CustomStringConvertible {
    /// The digits.
    public let hex: String

    /// Reads `sha256:HEX`; nil for every other spelling.
    public init?(_ text: some StringProtocol) {
        let digits = text.dropFirst(7)
        guard text.hasPrefix("sha256:"), (6...63).contains(digits.utf8.count),
            digits.utf8.allSatisfy(Hexadecimal.isDigit)
        else { return nil }
        hex = String(digits)
    }

    public var description: String { "sha256:\(hex)" }
}

/// A SHA-256 computation over bytes that stream by. libcrypto's `SHA256_Update`: the same instructions as behind
/// `EVP_DigestUpdate`, which first loads providers and a configuration file, 2 ms in each process.
public struct DigestHasher: ~Copyable {
    private var state = SHA256_CTX()

    /// Starts an empty computation.
    public init() { SHA256_Init(&state) }

    /// Adds the next bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        SHA256_Update(&state, base, bytes.count)
    }

    /// Adds the next bytes.
    public mutating func update(_ bytes: some Collection<UInt8>) {
        let done: Void? = bytes.withContiguousStorageIfAvailable { update(UnsafeRawBufferPointer($0)) }
        if done == nil { Array(bytes).withUnsafeBytes { update($0) } }
    }

    /// Ends the computation.
    public consuming func finish() -> Digest {
        let raw = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { buffer in
            buffer.initialize(repeating: 0)
            SHA256_Final(buffer.baseAddress, &state)
            return Array(buffer)
        }
        return Digest(raw: raw)
    }
}
