import BakeModel

/// How one repository lets its reader in: nothing, a password (RFC 7617), or a token that another server hands out.
/// Source: Docker Registry token authentication, which OCI registries share.
struct RegistryLogin {
    private let repository: RegistryRepository
    private let login: RegistryCredentials.Login?
    private let credentials: RegistryCredentials
    /// The value of the header `Authorization`; nil before anything was asked for.
    private(set) var authorization: String?

    private static let tokenLimit = 1 << 20

    init(_ repository: RegistryRepository, _ credentials: RegistryCredentials) {
        self.repository = repository
        self.credentials = credentials
        login = credentials.login(for: repository)
    }

    /// Does what one of the challenges asks for; a token goes before a password.
    /// - Throws: `RegistryError` where none can be met.
    mutating func answer(_ challenges: [Challenge], by exchange: RegistryExchange, _ name: String) throws {
        if let bearer = challenges.first(where: { $0.scheme == "bearer" && $0.parameters["realm"] != nil }) {
            authorization = "Bearer \(try token(bearer, by: exchange, name))"
        } else if challenges.contains(where: { $0.scheme == "basic" }) {
            // A password that was sent already was refused.
            guard let login, authorization == nil else { throw refusal(name) }
            authorization = login.basic
        } else {
            throw RegistryError.login(name, .unknownScheme(challenges.map(\.scheme)))
        }
    }

    /// What to say where the registry still refuses.
    func refusal(_ name: String) -> RegistryError {
        if let login { return .login(name, .refused(user: login.user, file: login.file)) }
        let registry = repository.registry
        return credentials.isKeptByProgram(repository)
            ? .login(name, .program(registry: registry, files: credentials.files))
            : .login(name, .none(registry: registry, files: credentials.files))
    }

    private func token(_ challenge: Challenge, by exchange: RegistryExchange, _ name: String) throws -> String {
        let address = try address(of: challenge, name)
        let content = TransferContent(documentUpTo: Self.tokenLimit)
        let answer = try exchange.follow(address, [], authorization: login?.basic, to: content, name)
        if [400, 401, 403].contains(answer.status) { throw refusal(name) }
        let host = HTTPOrigin(address)?.host ?? repository.registry
        if let fault = try RegistryAnswer(answer.transfer, name: name, host: host).fault(of: content) {
            throw fault.error
        }
        let json = try? JSON(parsing: content.bytes)
        // A token goes into a header line: no line may end in it.
        guard let token = json?["token"]?.string ?? json?["access_token"]?.string, !token.isEmpty,
            token.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
        else { throw RegistryError.malformed(name, "the server of tokens at \(host) sends none") }
        return token
    }

    private func address(of challenge: Challenge, _ name: String) throws(RegistryError) -> String {
        let realm = challenge.parameters["realm"] ?? ""
        guard let origin = HTTPOrigin(realm) else {
            throw .malformed(name, "the registry names no address where tokens are handed out")
        }
        guard origin.isEncrypted || HTTPOrigin(repository.origin)?.isEncrypted == false else {
            throw .redirect(name, "the registry sends to \(origin) for a token, which does not encrypt")
        }
        let scope = challenge.parameters["scope"] ?? "repository:\(repository.name):pull"
        let members = [("service", challenge.parameters["service"]), ("scope", scope)]
        let query = members.compactMap { key, value in value.map { "\(key)=\(Self.escaped($0))" } }
        return realm + (realm.contains("?") ? "&" : "?") + query.joined(separator: "&")
    }

    /// RFC 3986: everything but unreserved bytes.
    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte -> String in
            let letter = byte | 0x20
            let isPlain =
                (0x61...0x7a).contains(letter) || (0x30...0x39).contains(byte) || "-._~:/".utf8.contains(byte)
            if isPlain { return String(UnicodeScalar(byte)) }
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.utf8.count < 2 ? "0" : "") + digits
        }.joined()
    }
}
