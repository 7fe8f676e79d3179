import BakeModel

/// What a stage asks of Debian.
public struct PackageRequest: Sendable {
    /// The suite, and where its packages come from.
    public let suite: DebianSuite
    /// The names of packages, each once.
    public let asked: [String]
    /// The `.deb` files that are installed with them.
    public let files: [PackageFile]
    /// The bytes of the keyring, where that is a file of the commit.
    public let keyring: [UInt8]?

    /// Describes what is asked.
    public init(suite: DebianSuite, asked: [String], files: [PackageFile] = [], keyring: [UInt8]? = nil) {
        self.suite = suite
        var seen: Set<String> = []
        self.asked = asked.filter { seen.insert($0).inserted }
        self.files = files
        self.keyring = keyring
    }

    /// Whether a lock was made for the very same question.
    func isAnswered(by locked: LockedPackages) -> Bool {
        locked.suite == suite.name && locked.asked == asked.sorted() && locked.components == suite.components
            && locked.mirrors == suite.mirrors
            && locked.files == files.map(\.locked).sorted { $0.path < $1.path }
    }

    /// - Throws: `DebianFault` for the first name or file that no solver need be asked about.
    func check(architecture: String) throws(DebianFault) {
        if let bad = asked.first(where: { !DebianGrammar.isPackageName($0) }) { throw .badName(bad) }
        var names = Set(asked)
        for file in files {
            let control = file.control
            guard names.insert(control.name).inserted else { throw .twice(control.name, file.path) }
            guard control.architecture == "all" || control.architecture == architecture else {
                throw .foreignFile(file.path, control.architecture, machine: architecture)
            }
        }
    }
}

/// A `.deb` file of the commit.
public struct PackageFile: Sendable {
    /// Where it lies.
    public let path: TreePath
    /// What it says of itself.
    public let control: DebianFile
    /// Its bytes.
    let bytes: [UInt8]

    /// Reads a file's bytes.
    /// - Throws: `DebianFileFault`.
    public init(_ bytes: [UInt8], at path: TreePath) throws {
        self.path = path
        self.bytes = bytes
        control = try DebianFile(parsing: bytes, at: path.description)
    }

    /// What a lock says of it.
    public var locked: LockedPackageFile {
        LockedPackageFile(path: path, name: control.name, relations: control.relations)
    }
}

/// Which pinned versions a new lock leaves behind, though they can still be had.
public enum LockUpdate: Hashable, Sendable {
    /// None: only what the pipeline's own change demands is new.
    case nothing
    /// Those of these packages, and what their new versions need.
    case packages(Set<String>)
    /// All.
    case everything

    /// Whether this package's version may change.
    func moves(_ name: String) -> Bool {
        switch self {
        case .nothing: false
        case .packages(let names): names.contains(name)
        case .everything: true
        }
    }
}
