/// What the world moves, pinned: the lock file beside a pipeline file. It names no host that the pipeline does not name.
public struct Lock: Hashable, Sendable {
    /// The packages of each stage that installs some.
    public var packages: [StageName: LockedPackages]
    /// The digest of each root that is imported from the machine.
    public var imports: [StageName: LockedImport]
    /// What each command with network gave.
    public var fetches: [StageName: LockedFetch]

    /// Describes a lock.
    public init(
        packages: [StageName: LockedPackages] = [:], imports: [StageName: LockedImport] = [:],
        fetches: [StageName: LockedFetch] = [:]
    ) {
        self.packages = packages
        self.imports = imports
        self.fetches = fetches
    }
}

/// What a command with network gave when the lock was written.
public struct LockedFetch: Hashable, Sendable {
    /// The digest of everything that it was asked: the command and its inputs, but not the root that it ran in.
    public let asked: Digest
    /// Its output. Only the digest of the tar is a promise; the blob is where the store of the one who locked has it.
    public let output: Layer

    /// Describes what was fetched.
    public init(asked: Digest, output: Layer) {
        self.asked = asked
        self.output = output
    }
}

/// The packages that one stage installs: a whole root, or what is added to the root below.
public struct LockedPackages: Hashable, Sendable {
    /// The Debian suite.
    public let suite: String
    /// The Debian architecture, `amd64`.
    public let architecture: String
    /// The names that the pipeline asked for, sorted.
    public let asked: [String]
    /// The `.deb` files of the commit that it asked for, sorted by path. They are not part of the closure: the commit pins them.
    public let files: [LockedPackageFile]
    /// The components that the pipeline named, sorted; empty where it left them to the machine.
    public let components: [String]
    /// The archives that the pipeline named; empty where it left them to the machine.
    public let mirrors: [DebianMirrorAddress]
    /// Every package that is installed, sorted by name.
    public let closure: [LockedPackage]
    /// The digest of the list of packages that the root below has; nil for a whole root.
    public let base: Digest?

    /// Describes a closure.
    public init(
        suite: String, architecture: String, asked: [String], files: [LockedPackageFile] = [],
        components: [String] = [], mirrors: [DebianMirrorAddress] = [], closure: [LockedPackage],
        base: Digest? = nil
    ) {
        self.suite = suite
        self.architecture = architecture
        self.asked = asked.sorted()
        self.files = files.sorted { $0.path < $1.path }
        self.components = components.sorted()
        self.mirrors = mirrors
        self.closure = closure.sorted { ($0.name, $0.architecture) < ($1.name, $1.architecture) }
        self.base = base
    }

    /// The same packages, and more that the solver knew of: those of the commit's files.
    public func adding(_ packages: [LockedPackage]) -> LockedPackages {
        LockedPackages(
            suite: suite, architecture: architecture, asked: asked + packages.map(\.name), files: files,
            components: components, mirrors: mirrors, closure: closure + packages, base: base)
    }
}

/// A `.deb` file of the commit, as far as the solver depended on it: its bytes and version may change without a new lock.
public struct LockedPackageFile: Hashable, Sendable {
    /// Where it lies in the commit.
    public let path: TreePath
    /// The package in it.
    public let name: String
    /// The digest of what it needs and excludes.
    public let relations: Digest

    /// Describes a file.
    public init(path: TreePath, name: String, relations: Digest) {
        self.path = path
        self.name = name
        self.relations = relations
    }
}

/// One `.deb`, by hash.
public struct LockedPackage: Hashable, Sendable {
    /// The package's name.
    public let name: String
    /// Its whole version.
    public let version: String
    /// Its architecture, `amd64` or `all`.
    public let architecture: String
    /// The SHA-256 of the `.deb`.
    public let digest: Digest
    /// The bytes of the `.deb`.
    public let size: UInt64
    /// Where it lies in every Debian archive, `pool/main/n/nginx/…`.
    public let poolPath: String

    /// Describes a package.
    public init(
        name: String, version: String, architecture: String, digest: Digest, size: UInt64, poolPath: String
    ) {
        self.name = name
        self.version = version
        self.architecture = architecture
        self.digest = digest
        self.size = size
        self.poolPath = poolPath
    }
}

/// The content of a root that was imported from the machine when the lock was written.
public struct LockedImport: Hashable, Sendable {
    /// The absolute path, as the pipeline names it.
    public let path: String
    /// The SHA-256 of the tarball, or the image's manifest digest in the layout.
    public let digest: Digest

    /// Describes an import.
    public init(path: String, digest: Digest) {
        self.path = path
        self.digest = digest
    }
}
