import BakeModel

/// The logins of a person or a job, from files as `docker login`, `podman login` and `skopeo login` write them.
///
/// Programs that keep logins elsewhere (`credsStore`, `credHelpers`) are not run.
public struct RegistryCredentials: Sendable {
    /// A user and a password.
    public struct Login: Hashable, Sendable {
        /// The user's name.
        public let user: String
        /// The password, or a token in its place.
        public let password: String
        /// The file that it came from, for messages.
        public let file: String

        /// The value of the header `Authorization` (RFC 7617).
        var basic: String { "Basic \(Base64.text("\(user):\(password)".utf8))" }
    }

    /// The files that were read, for messages.
    public private(set) var files: [String] = []
    private var logins: [(key: String, login: Login)] = []
    private var helpers: Set<String> = []

    /// No logins.
    public init() {}

    /// Adds the logins of a file; those of files that were added before it go first.
    /// - Throws: `RegistryError.badLoginFile`, which shows nothing of its content.
    public mutating func add(_ bytes: [UInt8], from file: String) throws(RegistryError) {
        guard let json = try? JSON(parsing: bytes), json.members != nil else { throw .badLoginFile(file) }
        files.append(file)
        for (key, entry) in (json["auths"]?.members ?? [:]).sorted(by: { $0.key < $1.key }) {
            if let login = Self.login(entry, file) { logins.append((Self.name(key), login)) }
        }
        helpers.formUnion((json["credHelpers"]?.members ?? [:]).keys.map(Self.name))
        if json["credsStore"]?.string != nil { helpers.insert("") }
    }

    /// The login for a repository: the most exact key wins (`HOST/NAME` before `HOST`); nil where there is none.
    func login(for repository: RegistryRepository) -> Login? {
        for key in Self.keys(of: repository) {
            if let found = logins.first(where: { $0.key == key }) { return found.login }
        }
        return nil
    }

    /// Whether a program keeps the login for a repository.
    func isKeptByProgram(_ repository: RegistryRepository) -> Bool {
        helpers.contains("") || helpers.contains(repository.registry)
    }

    /// `docker.io/library/debian`, `docker.io/library`, `docker.io`. containers-auth.json(5).
    private static func keys(of repository: RegistryRepository) -> [String] {
        var parts = [repository.registry] + repository.name.split(separator: "/").map(String.init)
        var keys: [String] = []
        while !parts.isEmpty {
            keys.append(parts.joined(separator: "/"))
            parts.removeLast()
        }
        return keys
    }

    /// A key without what docker writes around the host; its own registry has the key `https://index.docker.io/v1/`.
    private static func name(_ key: String) -> String {
        var name = key[...]
        for prefix in ["https://", "http://"] where name.hasPrefix(prefix) { name = name.dropFirst(prefix.count) }
        while name.hasSuffix("/") { name = name.dropLast() }
        for suffix in ["/v1", "/v2"] where name.hasSuffix(suffix) { name = name.dropLast(suffix.count) }
        return ["index.docker.io", "registry-1.docker.io"].contains(name) ? "docker.io" : String(name)
    }

    private static func login(_ entry: JSON, _ file: String) -> Login? {
        guard let text = entry["auth"]?.string, let bytes = Base64.bytes(text),
            let plain = String(validating: bytes, as: UTF8.self),
            let colon = plain.utf8.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        let user = String(plain[..<colon])
        let password = String(plain[plain.utf8.index(after: colon)...])
        return user.isEmpty ? nil : Login(user: user, password: password, file: file)
    }
}
