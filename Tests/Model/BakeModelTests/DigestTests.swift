import BakeModel
import Testing

@Suite struct DigestTests {
    @Test("FIPS 180-2, appendix B.1: the digest of \"abc\"")
    func knownAnswer() {
        #expect(
            Digest.of(Array("abc".utf8)).hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test("only sha256: and 64 lower-case digits are a digest")
    func spelling() {
        let hex = String(repeating: "0f", count: 32)
        #expect(Digest("sha256:\(hex)")?.hex == hex)
        for bad in [
            hex, "sha256:\(hex.uppercased())", "sha256:\(hex)0", "sha512:\(hex)", "sha256:../\(hex.dropFirst(3))",
        ] {
            #expect(Digest(bad) == nil, "\(bad)")
        }
        #expect(Digest(hex: String(repeating: "０", count: 64)) == nil)
    }
}
