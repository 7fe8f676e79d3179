import BakeModel

/// A text with signatures below it: C2SP `signed-note.md`, Ed25519.
public struct SignedNote: Hashable, Sendable {
    /// The lines that are signed, each ended.
    public let text: String
    /// The lines below the empty one.
    public let signatures: [String]

    private static let dash = "\u{2014} "
    private static let algorithm: UInt8 = 1

    /// Signs a text.
    /// - Parameter name: the signer's name, without spaces and plus signs.
    public init(signing text: String, as name: String, with key: SigningKey) throws(KeyFault) {
        self.text = text
        let signature = try key.signature(of: Array(text.utf8))
        let bytes = Self.keyHash(name, key.verifyingKey) + signature
        signatures = ["\(Self.dash)\(name) \(Base64.text(bytes))"]
    }

    /// Reads a note; nil where it has no signature.
    public init?(_ note: some StringProtocol) {
        let lines = note.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard let end = lines.dropLast().lastIndex(of: "") else { return nil }
        let signatures = lines[(end + 1)...].filter { !$0.isEmpty }
        guard !signatures.isEmpty, signatures.allSatisfy({ $0.hasPrefix(Self.dash) }) else { return nil }
        text = lines[..<end].map { "\($0)\n" }.joined()
        self.signatures = signatures
    }

    /// The whole note.
    public var description: String { "\(text)\n\(signatures.map { "\($0)\n" }.joined())" }

    /// The first of these keys that signed it, under whatever name; nil where none did.
    public func signer(among keys: some Sequence<VerifyingKey>) -> VerifyingKey? {
        let message = Array(text.utf8)
        let parts = signatures.compactMap { line -> (name: String, bytes: [UInt8])? in
            let words = line.dropFirst(Self.dash.count).split(separator: " ", maxSplits: 1)
            guard words.count == 2, let bytes = Base64.bytes(words[1]) else { return nil }
            return (String(words[0]), bytes)
        }
        return keys.first { key in
            parts.contains { part in
                part.bytes.starts(with: Self.keyHash(part.name, key))
                    && key.verifies(Array(part.bytes.dropFirst(4)), of: message)
            }
        }
    }

    /// A key as the tools of transparency logs read it, `name+hash+key`.
    public static func verifierKey(_ name: String, _ key: VerifyingKey) -> String {
        let hash = keyHash(name, key).map { String(UInt16($0) + 256, radix: 16).dropFirst() }.joined()
        return "\(name)+\(hash)+\(Base64.text([algorithm] + key.raw))"
    }

    private static func keyHash(_ name: String, _ key: VerifyingKey) -> [UInt8] {
        let hash = Digest.of(Array(name.utf8) + [UInt8(ascii: "\n"), algorithm] + key.raw)
        return Array(hash.bytes.prefix(4))
    }
}
