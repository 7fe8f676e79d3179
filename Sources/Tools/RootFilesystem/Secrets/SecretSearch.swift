/// Searches one stream of bytes, which comes in pieces, for secrets. Compressed or otherwise changed copies are not found.
struct SecretSearch {
    private var plain: PatternWindow
    private var encoded: PatternWindow

    init(for patterns: SecretPatterns) {
        plain = PatternWindow(PatternSet(patterns.plain))
        encoded = PatternWindow(PatternSet(patterns.encoded))
    }

    /// Takes the next bytes.
    /// - Returns: what of a secret is in what came so far.
    mutating func feed(_ piece: UnsafeRawBufferPointer) -> SecretPatterns.Pattern? {
        if let found = plain.feed(piece) { return found }
        let dense = [UInt8](unsafeUninitializedCapacity: piece.count) { buffer, count in
            for byte in piece where byte > 0x20 || ![0x20, 0x09, 0x0a, 0x0d].contains(byte) {
                buffer[count] = byte
                count += 1
            }
        }
        return dense.withUnsafeBytes { encoded.feed($0) }
    }

    /// Searches bytes that are all there.
    static func find(_ patterns: SecretPatterns, in bytes: [UInt8]) -> SecretPatterns.Pattern? {
        var search = SecretSearch(for: patterns)
        return bytes.withUnsafeBytes { search.feed($0) }
    }
}

/// The end of a stream, as much of it as a pattern may reach over.
private struct PatternWindow {
    private let patterns: PatternSet
    private var bytes: [UInt8] = []

    init(_ patterns: PatternSet) { self.patterns = patterns }

    mutating func feed(_ piece: UnsafeRawBufferPointer) -> SecretPatterns.Pattern? {
        bytes.append(contentsOf: piece)
        let found = bytes.withUnsafeBytes { patterns.first(in: $0) }
        let overlap = max(1, patterns.longest) - 1
        if bytes.count > overlap { bytes.removeFirst(bytes.count - overlap) }
        return found
    }
}
