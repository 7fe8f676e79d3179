/// What a spec can ask about, spelled as the keys at the top of a goss file.
enum ResourceType: String, CaseIterable, Hashable, Sendable {
    case file, package, user, group, command, port, process, http, addr, dns, interface
    case kernelParam = "kernel-param"
    case matching, mount, service

    /// The key at the top that names other spec files.
    static let inclusion = "gossfile"

    /// The key that names the subject where the resource's own key does not.
    var subjectKey: String {
        switch self {
        case .file: "path"
        case .package: "name"
        case .user: "username"
        case .group: "groupname"
        case .command: "exec"
        case .port: "port"
        case .process: "comm"
        case .http: "url"
        case .addr: "address"
        case .dns: "resolve"
        case .interface, .kernelParam, .service: "name"
        case .matching: "id"
        case .mount: "mountpoint"
        }
    }

    /// The properties in the order in which they are looked at. The first is required.
    var properties: [Property] {
        switch self {
        case .file:
            [
                .exists, .mode, .owner, .uid, .group, .gid, .linkedTo, .filetype, .contains, .contents, .size, .md5,
                .sha256, .sha512,
            ]
        case .package: [.installed, .versions]
        case .user: [.exists, .uid, .gid, .home, .groups, .shell]
        case .group: [.exists, .gid]
        case .command: [.exitStatus, .stdout, .stderr]
        case .port: [.listening, .ip]
        case .process: [.running]
        case .http: [.status, .headers, .body]
        case .addr: [.reachable]
        case .dns: [.resolvable, .addrs]
        case .interface: [.exists, .addrs, .mtu]
        case .kernelParam: [.value]
        case .matching: [.matches]
        case .mount: [.exists, .opts, .vfsOpts, .source, .filesystem, .usage]
        case .service: [.enabled, .running, .runlevels]
        }
    }

    /// Whether the first property must stand in the file. A service asserts what it names, and nothing else.
    var requiresFirst: Bool { self != .service }

    /// Older spellings of properties, which goss still takes.
    var oldSpellings: [String: Property] { self == .dns ? ["resolveable": .resolvable] : [:] }

    /// Keys that say how to ask and not what to expect.
    var options: [String] {
        switch self {
        case .command: ["timeout", "retry_count", "retry_delay"]
        case .package: ["retry_count", "retry_delay"]
        case .http:
            [
                "method", "allow-insecure", "no-follow-redirects", "timeout", "request-headers", "request-body",
                "username", "password", "ca-file", "cert-file", "key-file", "proxy",
            ]
        case .addr: ["local-address", "timeout"]
        case .dns: ["server", "timeout", "retry_count", "retry_delay"]
        case .matching: ["content", "as-reader"]
        case .mount: ["timeout"]
        default: []
        }
    }

    /// Whether the rest of a resource is skipped where its first property fails or is false. goss looks at a command's
    /// output whatever its exit status was.
    var firstDecides: Bool { self != .command && self != .service }

    /// Whether it is asked of the running image, and not of its root file system.
    var isBehaviour: Bool {
        [.port, .process, .http, .addr, .dns, .interface, .kernelParam, .mount].contains(self)
    }
}

/// A property of a resource, spelled as its key.
enum Property: String, Hashable, Sendable {
    case exists, mode, owner, uid, group, gid
    case linkedTo = "linked-to"
    case filetype, contains, contents, size, md5, sha256, sha512
    case installed, versions
    case home, groups, shell
    case exitStatus = "exit-status"
    case stdout, stderr, listening, ip, running, status, headers, body
    case reachable, resolvable, addrs, mtu, value, matches, opts
    case vfsOpts = "vfs-opts"
    case source, filesystem, usage, enabled, runlevels

    /// Whether a list of strings means patterns that are searched line by line.
    var isRead: Bool { [.contains, .contents, .stdout, .stderr, .headers, .body].contains(self) }
}
