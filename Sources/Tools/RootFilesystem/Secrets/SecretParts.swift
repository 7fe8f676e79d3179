/// The parts of a secret that give it away by themselves.
///
/// A file of secrets holds words that everybody uses, too: host names, section headers, `production`. A layer must not be
/// refused for these, so a part counts only for what stands before it, or for its looks:
///
/// - the value behind a name like `password`, `authToken` or `private_key`, whatever file of settings it is in;
/// - what a secret of one line has behind its first `=`, `:` or space (`user:token`);
/// - the user and password of a URL, and the password alone;
/// - a line that is one word and looks like no name: a token, a line of a PEM file.
struct SecretParts {
    /// A part and the line that it is on, from 1.
    struct Part: Hashable {
        let bytes: [UInt8]
        let line: Int
    }

    /// The parts, in their order.
    private(set) var parts: [Part] = []
    private var line = 0

    init(of secret: ArraySlice<UInt8>) {
        let lines = Self.lines(of: secret)
        for text in lines {
            line += 1
            takeURLs(text)
            if lines.count == 1 { takeRest(text) }
            takeValues(text)
            takeToken(text)
        }
    }

    /// Lines end where JSON writes `\n`, too: keys of service accounts are stored so.
    static func lines(of secret: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        secret.split { [0x0a, 0x0d].contains($0) }.flatMap { $0.split(separator: Array("\\n".utf8)) }
    }

    private mutating func add(_ bytes: some Collection<UInt8>) {
        guard bytes.count >= SandboxSecret.leastBytes, !bytes.starts(with: "-----".utf8) else { return }
        let part = Part(bytes: Array(bytes), line: line)
        if !parts.contains(where: { $0.bytes == part.bytes }) { parts.append(part) }
    }

    /// RFC 3986: `scheme://user:password@host`.
    private mutating func takeURLs(_ text: ArraySlice<UInt8>) {
        for word in Self.words(text) {
            guard let scheme = word.firstRange(of: Array("://".utf8)) else { continue }
            let authority = word[scheme.upperBound...].prefix { $0 != UInt8(ascii: "/") }
            guard let end = authority.lastIndex(of: UInt8(ascii: "@")) else { continue }
            let user = authority[..<end]
            add(user)
            if let colon = user.firstIndex(of: UInt8(ascii: ":")) { add(user[(colon + 1)...]) }
        }
    }

    private mutating func takeRest(_ text: ArraySlice<UInt8>) {
        let separators = Array("=: ".utf8)
        guard let end = text.firstIndex(where: separators.contains), !text[end...].starts(with: "://".utf8) else {
            return
        }
        add(text[(end + 1)...].drop(while: separators.contains))
    }

    private mutating func takeValues(_ text: ArraySlice<UInt8>) {
        guard let first = text.first, !"#;".utf8.contains(first) else { return }
        var isNamed = false
        for word in Self.words(text) {
            if isNamed, !Self.isPlainURL(word) {
                add(word)
                // A passphrase may have spaces.
                add(Self.unquoted(text[word.startIndex...]))
            }
            isNamed = Self.isTelling(word)
        }
    }

    private mutating func takeToken(_ text: ArraySlice<UInt8>) {
        let words = Self.words(text)
        guard words.count == 1, let word = words.first, !word.contains(where: ":[/@".utf8.contains) else { return }
        let hasDigit = word.contains { (0x30...0x39).contains($0) }
        let hasBothCases = word.contains { (0x41...0x5a).contains($0) } && word.contains { (0x61...0x7a).contains($0) }
        if hasDigit || hasBothCases && word.count >= 16 { add(word) }
    }

    /// What stands between white space, quotes, commas, brackets, `=` and `:`. URLs are one word, and the `=` at the end of
    /// base64 belongs to it.
    private static func words(_ text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        let isBetween: (UInt8) -> Bool = { $0 <= 0x20 || "\"',;{}".utf8.contains($0) }
        return text.split(whereSeparator: isBetween).flatMap { word -> [ArraySlice<UInt8>] in
            guard word.firstRange(of: Array("://".utf8)) == nil else { return [word] }
            let padding = word.reversed().prefix { $0 == UInt8(ascii: "=") }.count
            var words = word.dropLast(padding).split { "=:".utf8.contains($0) }
            if let last = words.popLast() { words.append(word[last.startIndex..<(last.endIndex + padding)]) }
            return words
        }
    }

    /// A value without the quotes, commas and brackets after it.
    private static func unquoted(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let end = text.lastIndex { $0 > 0x20 && !"\"',;{}".utf8.contains($0) }
        return end.map { text[...$0] } ?? []
    }

    private static func isPlainURL(_ word: ArraySlice<UInt8>) -> Bool {
        word.firstRange(of: Array("://".utf8)) != nil && !word.contains(UInt8(ascii: "@"))
    }

    /// Whether a word is the name of something secret.
    private static func isTelling(_ word: ArraySlice<UInt8>) -> Bool {
        let name = String(decoding: word, as: UTF8.self).lowercased()
        return tellingEnds.contains { name.hasSuffix($0) }
    }

    private static let tellingEnds = [
        "password", "passwd", "passphrase", "pass", "pwd", "token", "secret", "key", "auth", "authorization", "bearer",
        "basic", "credential", "credentials",
    ]
}
