import Clibcrypto

/// A key as libcrypto holds it. Made for one call and freed after it, so that nothing of C's is kept or shared.
final class KeyHandle {
    let pointer: OpaquePointer
    private static let rawSize = 32

    init?(_ pointer: OpaquePointer?) {
        guard let pointer else { return nil }
        self.pointer = pointer
    }

    deinit { EVP_PKEY_free(pointer) }

    /// A private key from its 32 bytes.
    static func privateKey(_ raw: [UInt8]) -> KeyHandle? {
        KeyHandle(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, raw, raw.count))
    }

    /// A public key from its 32 bytes.
    static func publicKey(_ raw: [UInt8]) -> KeyHandle? {
        KeyHandle(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, raw, raw.count))
    }

    /// Whether it is an Ed25519 key, the only kind that signs here.
    var isEd25519: Bool { EVP_PKEY_get_id(pointer) == EVP_PKEY_ED25519 }

    /// The 32 bytes of the public half; nil for another kind of key.
    var rawPublic: [UInt8]? { raw(EVP_PKEY_get_raw_public_key) }

    /// The 32 bytes of the private half; nil for a public key or another kind.
    var rawPrivate: [UInt8]? { raw(EVP_PKEY_get_raw_private_key) }

    private func raw(
        _ call: (OpaquePointer?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int>?) -> Int32
    ) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: Self.rawSize)
        var count = bytes.count
        guard isEd25519, call(pointer, &bytes, &count) == 1, count == Self.rawSize else {
            ERR_clear_error()
            return nil
        }
        return bytes
    }
}

/// A buffer that libcrypto reads text from or writes it to.
final class CryptoText {
    let pointer: OpaquePointer

    /// A buffer of these bytes; an empty one to write to where there are none.
    init?(_ bytes: [UInt8] = []) {
        guard let made = BIO_new(BIO_s_mem()) else { return nil }
        pointer = made
        if !bytes.isEmpty, BIO_write(made, bytes, Int32(clamping: bytes.count)) != Int32(bytes.count) { return nil }
    }

    deinit { BIO_free(pointer) }

    /// Everything that was written.
    var bytes: [UInt8] {
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while case let count = BIO_read(pointer, &piece, Int32(piece.count)), count > 0 { all += piece[..<Int(count)] }
        return all
    }
}
