import Clibcrypto

extension TemplateFunctions {
    /// Sprig's encodings and digests.
    static let encodings: [String: Function] = [
        "b64enc": Function(1) { .text(base64(Array(try $0.text(0).utf8))) },
        "b64dec": Function(1) { a in
            guard let bytes = bytes(base64: try a.text(0)) else { throw TemplateFault("this is no base64") }
            return .text(String(decoding: bytes, as: UTF8.self))
        },
        "sha1sum": Function(1) { .text(try digest($0, EVP_sha1())) },
        "sha256sum": Function(1) { .text(try digest($0, EVP_sha256())) },
        "sha512sum": Function(1) { .text(try digest($0, EVP_sha512())) },
        "md5sum": Function(1) { .text(try digest($0, EVP_md5())) },
    ]

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static func base64(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            let digits = [18, 12, 6, 0].map { alphabet[Int(bits >> UInt32($0) & 63)] }
            text += digits.prefix(group.count + 1)
            text += Array(repeating: UInt8(ascii: "="), count: 3 - group.count)
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func bytes(base64 text: String) -> [UInt8]? {
        var (bits, count, bytes) = (UInt32(0), 0, [UInt8]())
        for byte in text.utf8 where byte != UInt8(ascii: "=") && byte != 0x0a && byte != 0x0d {
            guard let value = alphabet.firstIndex(of: byte) else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }

    /// libcrypto's `EVP_Digest`.
    private static func digest(_ arguments: TemplateArguments, _ method: OpaquePointer?) throws -> String {
        let bytes = Array(try arguments.text(0).utf8)
        var raw = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        guard EVP_Digest(bytes, bytes.count, &raw, &length, method, nil) == 1 else {
            throw TemplateFault("libcrypto does not know this digest")
        }
        return GoText.hexadecimal(raw.prefix(Int(length)))
    }
}
