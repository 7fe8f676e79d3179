import BakeModel
import Testing

/// RFC 4648, 4. The vectors are those of its section 10.
@Suite struct Base64Tests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func vectors(plain: String, text: String) {
        #expect(Base64.text(plain.utf8) == text)
        #expect(Base64.bytes(text) == Array(plain.utf8))
    }

    @Test func everyDigitIsItsOwn() {
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        let bytes = Base64.bytes(alphabet)
        // The digits stand for 0 to 63, six bits each.
        #expect(bytes?.prefix(3) == [0x00, 0x10, 0x83])
        #expect(bytes?.suffix(3) == [0xf3, 0xdf, 0xbf])
        #expect(bytes.map { Base64.text($0) } == alphabet)
    }

    @Test(arguments: ["Zg", "Zg=", "Zg===", "====", "Z===", "Zm9v\n", " Zm9v", "Zm-_", "Zg==Zg==", "Zm9\u{e9}"])
    func nothingElseIsTaken(text: String) {
        #expect(Base64.bytes(text) == nil)
    }

    @Test("bits that no byte has room for count for nothing, as for base64(1)")
    func looseBits() {
        #expect(Base64.bytes("Zh==") == Array("f".utf8))
    }
}
