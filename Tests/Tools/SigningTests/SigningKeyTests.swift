import BakeModel
import Foundation
import LinuxSystem
import Signing
import Testing

@Suite struct SigningKeyTests {
    private static func bytes(_ hex: String) -> [UInt8] {
        stride(from: 0, to: hex.count, by: 2).compactMap { UInt8(hex.dropFirst($0).prefix(2), radix: 16) }
    }

    /// RFC 8032, section 7.1, test 2: secret key, public key, message, signature.
    private static let secret = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
    private static let publicKey = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    private static let signature =
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"

    /// RFC 8410, section 7: the prefix of a PKCS #8 private key.
    private static func pem(_ secret: String) -> [UInt8] {
        let der = Data(bytes("302e020100300506032b657004220420" + secret))
        return Array("-----BEGIN PRIVATE KEY-----\n\(der.base64EncodedString())\n-----END PRIVATE KEY-----\n".utf8)
    }

    @Test("the signature of RFC 8032's second test")
    func knownAnswer() throws {
        let key = try SigningKey(pem: Self.pem(Self.secret), name: "rfc8032")
        #expect(key.verifyingKey.raw == Self.bytes(Self.publicKey))
        #expect(try key.signature(of: [0x72]) == Self.bytes(Self.signature))
        #expect(key.verifyingKey.verifies(Self.bytes(Self.signature), of: [0x72]))
        #expect(!key.verifyingKey.verifies(Self.bytes(Self.signature), of: [0x73]))
        var forged = Self.bytes(Self.signature)
        forged[3] ^= 1
        #expect(!key.verifyingKey.verifies(forged, of: [0x72]))
        #expect(!key.verifyingKey.verifies([], of: [0x72]))
    }

    @Test("a key that is written is read again, private and public")
    func roundTrip() throws {
        let key = try SigningKey.random()
        let again = try SigningKey(pem: try key.pem(), name: "again")
        #expect(again.verifyingKey == key.verifyingKey)
        #expect(try VerifyingKey(pem: try key.verifyingKey.pem(), name: "public") == key.verifyingKey)
        #expect(try VerifyingKey(pem: try key.pem(), name: "private") == key.verifyingKey)
        #expect(try SigningKey.random().verifyingKey != key.verifyingKey)
    }

    @Test(
        "what openssl makes and is no key for signing is told",
        arguments: [
            ("genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-256", KeyFault.otherKind("key")),
            ("genpkey -algorithm ed25519 -aes256 -pass pass:secret", KeyFault.encrypted("key")),
            ("rand -base64 40", KeyFault.noKey("key")),
        ])
    func strangers(words: String, fault: KeyFault) throws {
        let made = try CompletedProcess.run(
            "/usr/bin/openssl", words.split(separator: " ").map(String.init), environment: ["PATH=/usr/bin:/bin"])
        #expect(throws: fault) { try SigningKey(pem: made.output, name: "key") }
    }

    @Test("the public half does not sign")
    func onlyPublic() throws {
        let pem = try SigningKey.random().verifyingKey.pem()
        #expect(throws: KeyFault.onlyPublic("key")) { try SigningKey(pem: pem, name: "key") }
    }

    @Test("a key that everybody may read is refused")
    func readable() throws {
        let path = "/tmp/bake-key-\(UInt64.random(in: 0 ... .max))"
        try DurableFile.replace(path, with: try SigningKey.random().pem(), mode: 0o600)
        defer { try? FileManager.default.removeItem(atPath: path) }
        _ = try SigningKey(file: path)
        try FileManager.default.setAttributes([.posixPermissions: 0o604], ofItemAtPath: path)
        #expect(throws: KeyFault.readableByAll(path)) { try SigningKey(file: path) }
        // Whatever else everybody may read is better left so.
        #expect(throws: KeyFault.noKey("/etc/passwd")) { try SigningKey(file: "/etc/passwd") }
    }
}
