/// What Debian allows in the fields of a package. Values that pass are safe as arguments of apt, as parts of file names and
/// in URIs. Source: Debian Policy 5.6.1, 5.6.7, 5.6.8, 5.6.12.
public enum DebianGrammar {
    /// Whether this is the name of a package: `libstdc++6`.
    public static func isPackageName(_ text: some StringProtocol) -> Bool {
        text.utf8.count >= 2 && isWord(text, more: "+-.", limit: 128)
    }

    /// Whether this is a version: `1:2.36-9+deb12u14`.
    public static func isVersion(_ text: some StringProtocol) -> Bool {
        guard let first = text.utf8.first, isDigit(first) || isUpper(first) || isLower(first) else { return false }
        return consists(text, of: "+-.:~", upper: true, limit: 256)
    }

    /// Whether this is an architecture or `all`: `amd64`.
    public static func isArchitecture(_ text: some StringProtocol) -> Bool { isWord(text, more: "-", limit: 32) }

    /// Whether this is the name of a suite: `bookworm`.
    public static func isSuite(_ text: some StringProtocol) -> Bool { isWord(text, more: "-.", limit: 64) }

    /// Whether this is the name of a component: `non-free-firmware`, `updates/main`.
    public static func isComponent(_ text: some StringProtocol) -> Bool {
        text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { isWord($0, more: "-.", limit: 64) }
    }

    /// Whether this is the path of a package in an archive: `pool/main/n/nginx/nginx_1.22.1-9_amd64.deb`.
    public static func isPoolPath(_ text: some StringProtocol) -> Bool {
        guard text.hasPrefix("pool/"), text.hasSuffix(".deb"), consists(text, of: "+-.:~_%/", upper: true, limit: 1024)
        else { return false }
        let bytes = Array(text.utf8)
        return (try? TreePath(cleaning: bytes))?.bytes == bytes
    }

    private static func isWord(_ text: some StringProtocol, more: String, limit: Int) -> Bool {
        guard let first = text.utf8.first, isLower(first) || isDigit(first) else { return false }
        return consists(text, of: more, upper: false, limit: limit)
    }

    private static func consists(_ text: some StringProtocol, of more: String, upper: Bool, limit: Int) -> Bool {
        let marks = Array(more.utf8)
        return text.utf8.count <= limit
            && text.utf8.allSatisfy { isLower($0) || isDigit($0) || (upper && isUpper($0)) || marks.contains($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLower(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte) }
    private static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5a).contains(byte) }
}
