/// A public key as a line of OpenSSH's has it: its type, and in base64 the strings of RFC 4253 (6.6), each behind its length,
/// the first of which is the type again.
struct SSHPublicKey {
    let type: String
    let body: String

    /// Why it is not the one way in which OpenSSH writes a key; nil where it is. It reads others: a type in capitals or of
    /// another name, numbers behind zeros. The very same key could be two people's then.
    var fault: String? {
        if type.contains("-cert-") { return "a certificate is not in this version: name the key that it is for" }
        guard let bytes = Base64.bytes(body), Base64.text(bytes) == body, let strings = Self.strings(bytes),
            strings.first == Array(type.utf8),
            !["ssh-rsa", "ssh-dss"].contains(type) || strings.dropFirst().allSatisfy(Self.isShortest)
        else {
            return "the key is not as ssh-keygen writes it: take it from the .pub file, or from ssh-keygen -y -f KEY"
        }
        return nil
    }

    /// A positive number has no zeros before it but the one that keeps its first bit from being a sign (RFC 4251, 5).
    private static func isShortest(_ number: [UInt8]) -> Bool {
        guard let first = number.first, first < 0x80 else { return false }
        return first > 0 || number.dropFirst().first ?? 0 >= 0x80
    }

    /// The strings, where there is nothing else.
    private static func strings(_ bytes: [UInt8]) -> [[UInt8]]? {
        var strings: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            guard count <= rest.count else { return nil }
            strings.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return strings
    }
}
