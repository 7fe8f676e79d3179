/// What is searched for to find secrets: their bytes and those of their parts, and these in base64 wherever they begin in a
/// longer text.
struct SecretPatterns: Hashable, Sendable {
    /// Bytes that give a secret away.
    struct Pattern: Hashable, Sendable {
        /// The secret's name.
        let name: String
        /// The line of the secret that it is a part of, from 1; nil for all of it.
        let line: Int?
        /// The bytes, at least `SandboxSecret.leastBytes`.
        let bytes: [UInt8]
    }

    /// The secrets as they are, and their parts.
    let plain: [Pattern]
    /// Both in base64, to be searched for in texts without white space: encoders break lines.
    let encoded: [Pattern]

    init(_ secrets: [SandboxSecret]) {
        plain = secrets.flatMap { secret in
            let whole = Pattern(name: secret.name, line: nil, bytes: Array(secret.core))
            let parts = SecretParts(of: secret.core).parts.filter { $0.bytes != whole.bytes }
            return [whole] + parts.map { Pattern(name: secret.name, line: $0.line, bytes: $0.bytes) }
        }
        encoded = plain.flatMap { pattern in
            (0..<3).flatMap { Self.base64(of: pattern.bytes, at: $0) }.map {
                Pattern(name: pattern.name, line: pattern.line, bytes: $0)
            }
        }
    }

    /// The digits that a secret has in base64 when so many bytes of a group of three stand before it, in both alphabets
    /// (RFC 4648). Digits that its neighbours share in are left out.
    static func base64(of bytes: some Sequence<UInt8>, at offset: Int) -> [[UInt8]] {
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        let alphabet = Array("\(letters)+/".utf8)
        var digits: [UInt8] = []
        // The bits of the last digit that was begun, and how many they are.
        var (value, count) = (0, 0)
        // What stands before takes the first bits: the digits that it reaches into are dropped.
        var foreign = offset * 8
        for byte in [UInt8](repeating: 0, count: offset) + bytes {
            (value, count) = (value << 8 | Int(byte), count + 8)
            while count >= 6 {
                count -= 6
                let digit = alphabet[value >> count & 63]
                value &= (1 << count) - 1
                if foreign > 0 { foreign -= 6 } else { digits.append(digit) }
            }
        }
        let url = digits.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? 0x5f : $0 }
        return url == digits ? [digits] : [digits, url]
    }
}
