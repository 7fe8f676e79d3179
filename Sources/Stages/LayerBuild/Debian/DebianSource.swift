import BakeModel

/// One archive that the machine's apt knows, for one suite: a line `deb URI SUITE COMPONENTS` or its like in deb822.
struct DebianSource: Hashable, Sendable {
    /// Where the archive lies, without a slash at the end.
    let uri: String
    /// The suite, `bookworm-security`.
    let suite: String
    /// The components, `main`.
    let components: [String]
    /// What else the machine says of it, by apt's lower-case deb822 names: `signed-by`, `trusted`.
    let options: [String: String]

    /// The same archive with other components.
    func offering(_ components: [String]) -> DebianSource {
        DebianSource(uri: uri, suite: suite, components: components, options: options)
    }

    /// The paragraph that says the same to a private apt.
    var paragraph: String {
        let fields = [
            ("types", "deb"), ("uris", uri), ("suites", suite), ("components", components.joined(separator: " ")),
        ]
        // Without the architectures: naming one would make apt read indexes that nobody asked for.
        let others = options.filter { $0.key != "architectures" }.sorted { $0.key < $1.key }
        let lines = (fields + others).map { "\($0.0): \($0.1)" }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Whether it must be an archive of Debian even while it does not answer: by its key, or where it names none by its
    /// address. Its silence is an error then, because a closure without the security updates must not pass for whole.
    var isSurelyDebian: Bool {
        if let key = options["signed-by"] { return key.contains("debian-archive") }
        let parts = uri.split(separator: "/")
        let host = parts.count > 1 ? parts[1] : ""
        return host.hasSuffix("debian.org") || ["debian", "debian-security"].contains(parts.last)
    }

    /// Where it is, as a key.
    var place: String { "\(uri) \(suite)" }

    /// Whether the machine reads it for this architecture.
    func supports(_ architecture: String) -> Bool {
        guard let named = options["architectures"] else { return true }
        return named.split { $0 == " " || $0 == "\n" }.contains { $0 == architecture }
    }

    /// Whether a stage of this suite may take packages from it: `bookworm`, its updates and its security.
    func serves(_ suite: String) -> Bool {
        let name = self.suite.hasSuffix("/updates") ? String(self.suite.dropLast(8)) : self.suite
        return [suite, "\(suite)-updates", "\(suite)-security"].contains(name)
    }
}

extension DebianSource {
    /// An archive that a pipeline names, trusted for what this machine's apt trusts.
    init(_ address: DebianMirrorAddress, of suite: DebianSuite) {
        self.init(
            uri: address.uri, suite: address.suite ?? suite.name,
            components: suite.components.isEmpty ? ["main"] : suite.components, options: [:])
    }

    /// The same archive, signed by these keys alone.
    func signed(by keyring: String) -> DebianSource {
        DebianSource(
            uri: uri, suite: suite, components: components, options: options.merging(["signed-by": keyring]) { $1 })
    }

    /// What a line of `sources.list` names; nothing for comments, sources of source packages and flat archives. Source:
    /// sources.list(5), "one-line-style format".
    static func parse(line: Substring) -> [DebianSource] {
        let uncommented = line.prefix { $0 != "#" }
        let parts = uncommented.split { (letter: Character) in letter.isWhitespace }
        var words = parts.map { String($0) }[...]
        guard words.popFirst() == "deb" else { return [] }
        guard let options = takeOptions(from: &words), let uri = words.popFirst(), let suite = words.popFirst()
        else { return [] }
        return make(uris: [uri], suites: [suite], components: Array(words), options: options)
    }

    /// What stands between brackets, `[ arch=amd64 signed-by=/etc/key.gpg ]`; nil where the bracket stays open.
    private static func takeOptions(from words: inout ArraySlice<String>) -> [String: String]? {
        guard words.first?.hasPrefix("[") == true else { return [:] }
        guard let end = words.firstIndex(where: { $0.hasSuffix("]") }) else { return nil }
        let inside = words[...end].joined(separator: " ").dropFirst().dropLast()
        words = words[(end + 1)...]
        var options: [String: String] = [:]
        for option in inside.split(separator: " ") {
            let parts = option.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let name = parts[0].lowercased()
            options[name == "arch" ? "architectures" : name] = parts[1].split(separator: ",").joined(separator: " ")
        }
        return options
    }

    /// What a paragraph of a `.sources` file names. Source: sources.list(5), "deb822-style format".
    static func parse(_ paragraph: ControlParagraph) -> [DebianSource] {
        let enabled = !["no", "false", "0", "off", "without", "disable"].contains(paragraph["enabled"]?.lowercased())
        guard enabled, paragraph.words("types").contains("deb") else { return [] }
        return make(
            uris: paragraph.words("uris"), suites: paragraph.words("suites"), components: paragraph.words("components"),
            options: paragraph.fields)
    }

    private static func make(
        uris: [String], suites: [String], components: [String], options: [String: String]
    ) -> [DebianSource] {
        let kept = options.filter { keptOptions.contains($0.key) }
        return uris.flatMap { uri in
            suites.filter { !$0.hasSuffix("/") && !uri.hasPrefix("cdrom:") && !components.isEmpty }.map { suite in
                DebianSource(
                    uri: uri.hasSuffix("/") ? String(uri.dropLast()) : uri, suite: suite, components: components,
                    options: kept)
            }
        }
    }

    /// What decides whether an archive is trusted and read; languages and targets are not asked for here.
    private static let keptOptions: Set<String> = [
        "signed-by", "trusted", "allow-insecure", "allow-weak", "allow-downgrade-to-insecure", "check-valid-until",
        "valid-until-min", "valid-until-max", "check-date", "date-max-future", "inrelease-path", "by-hash",
        "architectures",
    ]
}
