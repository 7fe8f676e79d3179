/// Paths as written, compared by bytes: to Swift a slash before a combining mark is another character.
extension StringProtocol {
    /// Whether the first byte is a slash.
    var isAbsolutePath: Bool { utf8.first == UInt8(ascii: "/") }

    /// Whether the last byte is a slash.
    var endsInSlash: Bool { utf8.suffix(1).first == UInt8(ascii: "/") }

    /// What stands before and after the first colon; nil where there is none.
    var partsAtColon: (before: SubSequence, after: SubSequence)? {
        utf8.firstIndex(of: UInt8(ascii: ":")).map { (self[..<$0], self[utf8.index(after: $0)...]) }
    }
}
