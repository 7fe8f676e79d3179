/// What a server wants to see before it answers: one challenge of the header `WWW-Authenticate`. RFC 9110, 11.6.1.
struct Challenge: Hashable, Sendable {
    /// How to log in, in lower case: `bearer`, `basic`.
    let scheme: String
    /// Its parameters, the names in lower case.
    let parameters: [String: String]

    /// Reads every challenge of the header's lines, in their order; what is malformed ends a line.
    static func read(_ lines: [String]) -> [Challenge] {
        lines.flatMap { line in
            var reader = ChallengeReader(line.prefix(8192).utf8)
            return reader.challenges()
        }
    }
}

/// Reads `Bearer realm="https://…",service="…", Basic realm="x"`.
private struct ChallengeReader {
    private var rest: Substring.UTF8View

    init(_ text: Substring.UTF8View) { rest = text }

    /// A name with an equals sign behind it belongs to the challenge before it, one without begins the next.
    mutating func challenges() -> [Challenge] {
        var found: [Challenge] = []
        var scheme: String?
        var parameters: [String: String] = [:]
        while let name = name() {
            if skip(UInt8(ascii: "=")) {
                guard scheme != nil, let value = value() else { break }
                parameters[name] = value
            } else {
                if let scheme { found.append(Challenge(scheme: scheme, parameters: parameters)) }
                (scheme, parameters) = (name, [:])
            }
        }
        if let scheme { found.append(Challenge(scheme: scheme, parameters: parameters)) }
        return found
    }

    private mutating func name() -> String? {
        rest = rest.drop { [0x20, 0x09, UInt8(ascii: ",")].contains($0) }
        let name = token()
        return name.isEmpty ? nil : name.lowercased()
    }

    private mutating func token() -> String {
        let marks = Set("!#$%&'*+-.^_`|~".utf8)
        let isTokenByte: (UInt8) -> Bool = { byte in
            let letter = byte | 0x20
            return (0x61...0x7a).contains(letter) || (0x30...0x39).contains(byte) || marks.contains(byte)
        }
        let token = rest.prefix(while: isTokenByte)
        rest = rest.dropFirst(token.count)
        return String(Substring(token))
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        let following = rest.drop { [0x20, 0x09].contains($0) }
        guard following.first == byte else { return false }
        rest = following.dropFirst().drop { [0x20, 0x09].contains($0) }
        return true
    }

    private mutating func value() -> String? {
        guard rest.first == UInt8(ascii: "\"") else { return token() }
        rest = rest.dropFirst()
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
            case UInt8(ascii: "\\"): if let escaped = rest.popFirst() { bytes.append(escaped) }
            default: bytes.append(byte)
            }
        }
        return nil
    }
}
