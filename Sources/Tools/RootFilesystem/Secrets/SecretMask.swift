import CLinux

/// Replaces secrets in what a command prints by their names, piece by piece.
struct SecretMask {
    private let patterns: [SecretPatterns.Pattern]
    private var held: [UInt8] = []

    /// - Parameter secrets: of one with several lines each line is replaced by itself, for they are printed so.
    init(_ secrets: [SandboxSecret]) {
        let lines = secrets.flatMap { secret in
            secret.core.split(whereSeparator: { [0x0a, 0x0d].contains($0) })
                .filter { $0.count >= SandboxSecret.leastBytes }
                .map { SecretPatterns.Pattern(name: secret.name, bytes: Array($0)) }
        }
        // The longest first: one may be a part of another.
        patterns = (lines + SecretPatterns(secrets).encoded).sorted { $0.bytes.count > $1.bytes.count }
    }

    /// Takes the next bytes, and gives those that can be passed on: what may be the beginning of a secret is held back.
    mutating func mask(_ piece: some Collection<UInt8>) -> [UInt8] {
        guard !patterns.isEmpty else { return Array(piece) }
        held += piece
        for pattern in patterns { held = Self.replace(pattern, in: held) }
        let end = held.count - undecided
        defer { held.removeFirst(end) }
        return Array(held[..<end])
    }

    /// What was held back, at the end.
    mutating func finish() -> [UInt8] {
        defer { held = [] }
        return held
    }

    private static func replace(_ pattern: SecretPatterns.Pattern, in text: [UInt8]) -> [UInt8] {
        var masked: [UInt8] = []
        var rest = text[...]
        while let place = find(pattern.bytes, in: rest) {
            masked += rest[..<place] + Array("[secret \(pattern.name)]".utf8)
            rest = rest[(place + pattern.bytes.count)...]
        }
        return masked.isEmpty ? text : masked + rest
    }

    private static func find(_ pattern: [UInt8], in text: ArraySlice<UInt8>) -> Int? {
        let offset = text.withUnsafeBytes { clinux_find_bytes($0.baseAddress, $0.count, pattern, pattern.count) }
        return offset < 0 ? nil : text.startIndex + offset
    }

    /// How many bytes at the end are the beginning of a pattern.
    private var undecided: Int {
        let longest = min(held.count, (patterns.first?.bytes.count ?? 1) - 1)
        return stride(from: longest, to: 0, by: -1).first { count in
            let end = held.suffix(count)
            return patterns.contains { $0.bytes.count > count && $0.bytes.starts(with: end) }
        } ?? 0
    }
}
