import BakeModel
import Clibcrypto

extension TemplateFunctions {
    /// Sprig's encodings and digests.
    static let encodings: [String: Function] = [
        "b64enc": Function(1) { .text(Base64.text(try $0.text(0).utf8)) },
        "b64dec": Function(1) { a in
            // Go's decoder passes over line ends.
            let text = try a.text(0).filter { !$0.isNewline }
            guard let bytes = Base64.bytes(text) else { throw TemplateFault("this is no base64") }
            return .text(String(decoding: bytes, as: UTF8.self))
        },
        "sha1sum": Function(1) { .text(try digest($0, EVP_sha1())) },
        "sha256sum": Function(1) { .text(try digest($0, EVP_sha256())) },
        "sha512sum": Function(1) { .text(try digest($0, EVP_sha512())) },
        "md5sum": Function(1) { .text(try digest($0, EVP_md5())) },
    ]

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
