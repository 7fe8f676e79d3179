import CLinux

/// Searches one stream of bytes, which comes in pieces, for secrets. Compressed or otherwise changed copies are not found.
struct SecretSearch {
    private var plain: PatternWindow
    private var encoded: PatternWindow

    init(for patterns: SecretPatterns) {
        plain = PatternWindow(patterns.plain)
        encoded = PatternWindow(patterns.encoded)
    }

    /// Takes the next bytes.
    /// - Returns: the name of a secret that is in what came so far.
    mutating func feed(_ piece: UnsafeRawBufferPointer) -> String? {
        if let name = plain.feed(piece) { return name }
        let dense = [UInt8](unsafeUninitializedCapacity: piece.count) { buffer, count in
            for byte in piece where byte > 0x20 || ![0x20, 0x09, 0x0a, 0x0d].contains(byte) {
                buffer[count] = byte
                count += 1
            }
        }
        return dense.withUnsafeBytes { encoded.feed($0) }
    }

    /// Searches bytes that are all there.
    static func find(_ patterns: SecretPatterns, in bytes: [UInt8]) -> String? {
        var search = SecretSearch(for: patterns)
        return bytes.withUnsafeBytes { search.feed($0) }
    }
}

/// The end of a stream, as much of it as a pattern may reach over.
private struct PatternWindow {
    private let patterns: [SecretPatterns.Pattern]
    private let overlap: Int
    private var bytes: [UInt8] = []

    init(_ patterns: [SecretPatterns.Pattern]) {
        self.patterns = patterns
        overlap = max(1, patterns.map(\.bytes.count).max() ?? 1) - 1
    }

    mutating func feed(_ piece: UnsafeRawBufferPointer) -> String? {
        bytes.append(contentsOf: piece)
        let found = patterns.first { pattern in
            bytes.withUnsafeBytes { text in
                clinux_find_bytes(text.baseAddress, text.count, pattern.bytes, pattern.bytes.count) >= 0
            }
        }
        if bytes.count > overlap { bytes.removeFirst(bytes.count - overlap) }
        return found?.name
    }
}
