/// Lower-case hexadecimal text, the only spelling of digests and commit ids.
enum Hexadecimal {
    /// Whether the bytes are exactly `count` of `0-9a-f`. Full-width digits, which `Character.isHexDigit` takes, are not.
    static func isLowerCase(_ bytes: some Collection<UInt8>, count: Int) -> Bool {
        bytes.withContiguousStorageIfAvailable { $0.count == count && $0.allSatisfy(isDigit) }
            ?? (bytes.count == count && bytes.allSatisfy(isDigit))
    }

    /// Whether the byte is one of `0-9a-f`.
    static func isDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }

    /// The text of raw bytes.
    static func text(of bytes: some Sequence<UInt8>) -> String {
        bytes.withContiguousStorageIfAvailable(text) ?? Array(bytes).withUnsafeBufferPointer(text)
    }

    // A tree of git's has thousands of names: byte by byte of any sequence takes ten times as long.
    private static func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        String(unsafeUninitializedCapacity: 2 * bytes.count) { text in
            for (place, byte) in bytes.enumerated() {
                text[2 * place] = digit(byte >> 4)
                text[2 * place + 1] = digit(byte & 15)
            }
            return 2 * bytes.count
        }
    }

    /// The raw bytes of digits that `isLowerCase` takes.
    static func bytes(of text: String) -> [UInt8] {
        var text = text
        return text.withUTF8 { digits in
            [UInt8](unsafeUninitializedCapacity: digits.count / 2) { bytes, count in
                count = digits.count / 2
                for place in 0..<count { bytes[place] = value(digits[2 * place]) << 4 | value(digits[2 * place + 1]) }
            }
        }
    }

    private static func value(_ digit: UInt8) -> UInt8 { digit < 0x3a ? digit - 0x30 : digit - 0x57 }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
