/// The people whose signatures count, and their keys: OpenSSH's `allowed_signers` (ssh-keygen(1), ALLOWED SIGNERS).
///
/// The first principal of a line is the person's name; the others are further names of the same person: mail addresses,
/// by which authors of commits are known, and `uid:1000`, by which a user of the machine is.
public struct AllowedSigners: Hashable, Sendable {
    /// The file's text, as ssh-keygen reads it.
    public let text: String
    /// The keys, in the order of the file.
    public let keys: [Key]

    /// One line: a key and whose it is.
    public struct Key: Hashable, Sendable {
        /// The person's name.
        public let person: String
        /// All names of that person that the line says, the first among them.
        public let names: [String]
        /// What the line says of the key besides, as `valid-before="20270101"`; empty where nothing.
        public let options: String
        /// Its type, as `ssh-ed25519`.
        public let type: String
        /// Its public half, in base64.
        public let body: String
        /// The line, from 1.
        public let line: Int
    }

    /// What is wrong with a line.
    public struct Fault: Error, Hashable, Sendable {
        /// The line, from 1.
        public let line: Int
        /// What is wrong, as a clause without a full stop.
        public let message: String
    }

    private static let kinds = ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"]

    /// Reads a file. A pattern is refused: a name must mean one person. So is a key or a name of two people.
    public init(_ text: String) throws(Fault) {
        self.text = text
        var keys: [Key] = []
        var owners: [String: String] = [:]
        if text.unicodeScalars.first == "\u{FEFF}" {
            throw Fault(
                line: 1,
                message: "a byte order mark stands before the first name, and ssh-keygen takes it for a part of it")
        }
        for (index, line) in Self.parts(of: text, isEnd: { $0 == "\n" }).enumerated() {
            let words = Self.parts(of: line) { $0 == " " || $0 == "\t" || $0 == "\r" }.filter { !$0.isEmpty }
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            let key = try Self.key(words, line: index + 1)
            for name in key.names.map(Self.folded) + [key.body] {
                if let owner = owners[name], owner != key.person {
                    let what = name == key.body ? "this key" : "\"\(name)\""
                    throw Fault(line: index + 1, message: "\(what) is \(owner)'s already; it cannot be \(key.person)'s")
                }
                owners[name] = key.person
            }
            keys.append(key)
        }
        guard !keys.isEmpty else { throw Fault(line: 1, message: "it names nobody") }
        self.keys = keys
    }

    private static func key(_ words: [String], line: Int) throws(Fault) -> Key {
        let fault = { (message: String) in Fault(line: line, message: message) }
        let names = parts(of: words[0]) { $0 == "," }
        guard names.allSatisfy({ isName($0) }) else {
            throw fault("a name is plain text without patterns and quotes, not \"\(words[0])\"")
        }
        let rest = words.dropFirst()
        if rest.contains(where: { parts(of: $0.lowercased()) { $0 == "," }.contains("cert-authority") }) {
            throw fault("cert-authority is not in this version: name each key")
        }
        guard let kind = rest.firstIndex(where: { word in kinds.contains { word.hasPrefix($0) } }),
            rest.indices.contains(kind + 1), rest[kind + 1].utf8.count >= 40
        else { throw fault("a line is NAMES [OPTIONS] KEYTYPE KEY") }
        return Key(
            person: names[0], names: names, options: rest[..<kind].joined(separator: " "), type: rest[kind],
            body: rest[kind + 1], line: line)
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 255 && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f }
            && !text.unicodeScalars.contains { "*?!\"'".unicodeScalars.contains($0) }
    }

    /// The parts of a text as ssh-keygen sees them, which knows no letters of several code points: to Swift "\r\n" is one, and so
    /// is a comma with an accent, and what hid behind it would be a key that counts and that nobody is shown.
    private static func parts(of text: String, isEnd: (Unicode.Scalar) -> Bool) -> [String] {
        text.unicodeScalars.split(omittingEmptySubsequences: false, whereSeparator: isEnd).map { String($0) }
    }

    /// Refuses options that ssh-keygen does not read, since none of the key's signatures would count, and keys that can be
    /// written in another way, since one could be two people's. Not asked of what is in force already.
    public func confirmKeys() throws(Fault) {
        for key in keys {
            if let message = SSHPublicKey(type: key.type, body: key.body).fault {
                throw Fault(line: key.line, message: message)
            }
            do throws(SignerOptionFault) { _ = try SignerOptions(key.options) } catch {
                throw Fault(line: key.line, message: error.message)
            }
        }
    }

    /// Whether all keys of a person surely count for nothing any more.
    public func isSurelyOver(_ person: String, at time: Timestamp) -> Bool {
        keys.filter { $0.person == person }.allSatisfy { key in
            (try? SignerOptions(key.options))?.isSurelyOver(at: time) ?? false
        }
    }

    /// The people, each once, in the order of the file.
    public var people: [String] {
        var seen: Set<String> = []
        return keys.map(\.person).filter { seen.insert($0).inserted }
    }

    /// Whom a name, a mail address or `uid:N` means; nil where it is nobody's. Case does not count.
    public func person(called name: String) -> String? {
        let wanted = Self.folded(name)
        return keys.first { $0.names.contains { Self.folded($0) == wanted } }?.person
    }

    private static func folded(_ name: String) -> String { name.lowercased() }
}
