/// Which names a tree may hold. The names that git itself refuses since CVE-2014-9390: everything that some file
/// system takes for `.git`, because programs of a `run:` stage may meet the files there.
enum TreeNameRule {
    /// Why the name is refused, as the end of a sentence; nil where it is fine.
    static func refusal(of name: [UInt8]) -> String? {
        if name.isEmpty { return "is empty" }
        if name.count > 255 { return "is longer than 255 bytes" }
        if name.contains(UInt8(ascii: "/")) { return "has a slash" }
        if name == dot || name == dot + dot { return "leaves its directory" }
        return isGitDirectory(name) ? "is taken for .git by some file system" : nil
    }

    private static let dot = [UInt8(ascii: ".")]

    private static func isGitDirectory(_ name: [UInt8]) -> Bool {
        let plain = lowerCase(withoutIgnorable(name))
        return plain == Array(".git".utf8) || isOnWindows(plain, ".git") || isOnWindows(plain, "git~1")
    }

    /// NTFS drops spaces and dots at the end, takes `:` for a stream of the file and `\` for a slash.
    private static func isOnWindows(_ name: [UInt8], _ word: String) -> Bool {
        guard name.starts(with: word.utf8) else { return false }
        let rest = name.dropFirst(word.utf8.count).drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ".") }
        return rest.isEmpty || rest.first == UInt8(ascii: ":") || rest.first == UInt8(ascii: "\\")
    }

    /// HFS+ ignores these code points: U+200C–F, U+202A–E, U+206A–F and U+FEFF, three bytes each in UTF-8.
    private static func withoutIgnorable(_ name: [UInt8]) -> [UInt8] {
        guard name.contains(where: { $0 >= 0x80 }) else { return name }
        var kept: [UInt8] = []
        var index = 0
        while index < name.count {
            if index + 2 < name.count, isIgnorable(name[index], name[index + 1], name[index + 2]) {
                index += 3
            } else {
                kept.append(name[index])
                index += 1
            }
        }
        return kept
    }

    private static func isIgnorable(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
        switch (first, second, third) {
        case (0xe2, 0x80, 0x8c...0x8f), (0xe2, 0x80, 0xaa...0xae), (0xe2, 0x81, 0xaa...0xaf), (0xef, 0xbb, 0xbf): true
        default: false
        }
    }

    private static func lowerCase(_ name: [UInt8]) -> [UInt8] {
        name.map { (0x41...0x5a).contains($0) ? $0 + 0x20 : $0 }
    }
}
