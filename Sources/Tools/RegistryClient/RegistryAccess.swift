/// How registries are reached from here: what the command line finds in its environment, as values.
public struct RegistryAccess: Sendable {
    /// Finds the logins that may be used; called when a registry is asked.
    public var credentials: @Sendable () throws -> RegistryCredentials
    /// A file of certificates that sign registries; the machine's own where nil.
    public var certificates: String?
    /// The proxies to go through.
    public var proxies: RegistryProxies
    /// Seconds until a connection must stand.
    public var connectSeconds = 15
    /// Seconds without a byte after which a connection counts as broken.
    public var stallSeconds = 30
    /// How often one thing is asked for, when answers break off or the registry is overloaded.
    public var attempts = 5
    /// Seconds before the second attempt; each further wait is twice as long.
    public var firstWait = 0.5
    /// Seconds after which one transfer is given up, however well it goes.
    public var deadline = 3600.0

    /// Describes the access; without arguments nobody logs in.
    public init(
        credentials: @escaping @Sendable () throws -> RegistryCredentials = { RegistryCredentials() },
        certificates: String? = nil, proxies: RegistryProxies = RegistryProxies()
    ) {
        self.credentials = credentials
        self.certificates = certificates
        self.proxies = proxies
    }
}

/// The proxies of a caller, as the variables of its environment name them.
public struct RegistryProxies: Hashable, Sendable {
    /// For `http:` addresses; nil for none.
    public var plain: String?
    /// For `https:` addresses; nil for none.
    public var encrypted: String?
    /// Hosts that need none, separated by commas; `*` for all.
    public var exceptions: String?

    /// Describes the proxies.
    public init(plain: String? = nil, encrypted: String? = nil, exceptions: String? = nil) {
        self.plain = plain
        self.encrypted = encrypted
        self.exceptions = exceptions
    }

    /// Reads `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, the last three in capitals too: what curl(1) reads.
    public init(environment: [String: String]) {
        let value: (String) -> String? = { name in
            [environment[name], environment[name.uppercased()]].lazy.compactMap { $0 }.first { !$0.isEmpty }
        }
        let all = value("all_proxy")
        // A web server gives a client's header Proxy: as HTTP_PROXY to its CGI programs.
        let plain = environment["http_proxy"].flatMap { $0.isEmpty ? nil : $0 }
        self.init(plain: plain ?? all, encrypted: value("https_proxy") ?? all, exceptions: value("no_proxy"))
    }

    func proxy(for origin: HTTPOrigin) -> String? { origin.isEncrypted ? encrypted : plain }
}
