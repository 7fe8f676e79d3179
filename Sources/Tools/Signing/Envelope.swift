import BakeModel

/// A document with signatures over its type and bytes: DSSE, github.com/secure-systems-lab/dsse `protocol.md`.
public struct Envelope: Hashable, Sendable {
    /// A signature, and the key that it says it is of.
    public struct Signature: Hashable, Sendable {
        /// A hint, and no more: what counts is which key verifies.
        public let keyID: String
        /// The signature's bytes.
        public let bytes: [UInt8]
    }

    /// What the document is.
    public let payloadType: String
    /// The document.
    public let payload: [UInt8]
    /// The signatures.
    public let signatures: [Signature]

    /// The media type under which registries know envelopes.
    public static let mediaType = "application/vnd.dsse.envelope.v1+json"

    /// Signs a document.
    public init(signing payload: [UInt8], type: String, with key: SigningKey) throws(KeyFault) {
        payloadType = type
        self.payload = payload
        let signature = try key.signature(of: Self.signed(type, payload))
        signatures = [Signature(keyID: key.verifyingKey.id, bytes: signature)]
    }

    /// Reads an envelope; nil where a member is missing or malformed.
    public init?(_ json: JSON) {
        guard let type = json["payloadType"]?.string,
            let payload = json["payload"]?.string.flatMap({ Base64.bytes($0) }),
            let signatures = json["signatures"]?.all({ item -> Signature? in
                guard let bytes = item["sig"]?.string.flatMap({ Base64.bytes($0) }) else { return nil }
                return Signature(keyID: item["keyid"]?.string ?? "", bytes: bytes)
            })
        else { return nil }
        payloadType = type
        self.payload = payload
        self.signatures = signatures
    }

    /// The envelope as a document.
    public var json: JSON {
        [
            "payloadType": .string(payloadType), "payload": .string(Base64.text(payload)),
            "signatures": .array(
                signatures.map {
                    ["keyid": .string($0.keyID), "sig": .string(Base64.text($0.bytes))]
                }),
        ]
    }

    /// The first of these keys that signed it; nil where none did.
    public func signer(among keys: some Sequence<VerifyingKey>) -> VerifyingKey? {
        let message = Self.signed(payloadType, payload)
        return keys.first { key in signatures.contains { key.verifies($0.bytes, of: message) } }
    }

    /// The pre-authentication encoding, "PAE".
    static func signed(_ type: String, _ payload: [UInt8]) -> [UInt8] {
        Array("DSSEv1 \(type.utf8.count) \(type) \(payload.count) ".utf8) + payload
    }
}
