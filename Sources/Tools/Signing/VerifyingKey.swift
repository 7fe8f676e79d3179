import BakeModel
import Clibcrypto

/// An Ed25519 public key.
public struct VerifyingKey: Hashable, Sendable {
    /// Its 32 bytes.
    public let raw: [UInt8]

    init(unchecked raw: [UInt8]) { self.raw = raw }

    /// Takes 32 bytes; nil for any other number.
    public init?(raw: [UInt8]) {
        guard raw.count == 32 else { return nil }
        self.raw = raw
    }

    /// Reads what `base64` writes.
    public init?(base64: String) {
        guard let raw = Base64.bytes(base64) else { return nil }
        self.init(raw: raw)
    }

    /// Reads a public key in PEM; a private key's public half as well.
    public init(pem: [UInt8], name: String) throws(KeyFault) {
        defer { ERR_clear_error() }
        if let text = CryptoText(pem),
            let handle = KeyHandle(PEM_read_bio_PUBKEY(text.pointer, nil, { _, _, _, _ in 0 }, nil))
        {
            guard let raw = handle.rawPublic else { throw KeyFault.otherKind(name) }
            self.init(unchecked: raw)
        } else {
            self = try SigningKey(pem: pem, name: name).verifyingKey
        }
    }

    /// The key's bytes in base64.
    public var base64: String { Base64.text(raw) }

    /// The key as SubjectPublicKeyInfo in PEM, which openssl reads.
    /// - Throws: `KeyFault.refused`.
    public func pem() throws(KeyFault) -> [UInt8] {
        guard let handle = KeyHandle.publicKey(raw), let text = CryptoText(),
            PEM_write_bio_PUBKEY(text.pointer, handle.pointer) == 1
        else { throw KeyFault.refused("write a key") }
        return text.bytes
    }

    /// The name that envelopes give it: the SHA-256 of its canonical JSON, as securesystemslib computes it.
    public var id: String {
        let hex = raw.map { String(UInt16($0) + 256, radix: 16).dropFirst() }.joined()
        let json: JSON = ["keytype": "ed25519", "scheme": "ed25519", "keyval": ["public": .string(hex)]]
        return json.digest.hex
    }

    /// Whether the signature is this key's over these bytes.
    public func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        let context = EVP_MD_CTX_new()
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        guard let handle = KeyHandle.publicKey(raw),
            EVP_DigestVerifyInit(context, nil, nil, nil, handle.pointer) == 1
        else { return false }
        return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }
}
