import BakeModel
import Glibc
import LinuxSystem
import RootFilesystem

/// What this machine gives to work with Debian packages: its apt with its sources, proxies and keys.
public struct DebianMachine: Sendable {
    /// Where private directories are made. Where bake is root, the user `_apt` must be able to enter it, or apt downloads as root.
    public let temporary: String
    /// The variables of the caller that apt takes proxies from, `http_proxy=…`.
    public let proxies: [String]
    /// apt's configuration directory.
    public let configuration: String

    /// Describes the machine.
    public init(temporary: String = "/tmp", proxies: [String] = [], configuration: String = "/etc/apt") {
        self.temporary = temporary
        self.proxies = proxies
        self.configuration = configuration
    }

    /// The variables of a caller's environment that name proxies.
    public static func proxies(in environment: [String: String]) -> [String] {
        let names = ["http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy"]
        return environment.filter { names.contains($0.key.lowercased()) }.map { "\($0.key)=\($0.value)" }.sorted()
    }

    /// The proxies that have a user or a password in them: a command with network reads them in its environment, and no more
    /// may be kept of them than of any secret.
    var proxySecrets: [SandboxSecret] {
        proxies.compactMap { variable in
            guard let end = variable.firstIndex(of: "="), variable.contains("@") else { return nil }
            let value = variable[variable.index(after: end)...]
            return try? SandboxSecret(name: String(variable[..<end]), bytes: Array(value.utf8), place: .environment)
        }
    }

    /// The machine's architecture by Debian's name, `amd64`.
    public func architecture() throws -> String {
        let text = try run(.dpkg, ["--print-architecture"]).text.filter { !$0.isWhitespace }
        guard DebianGrammar.isArchitecture(text) else { throw DebianFault.programFailed(Program.dpkg.path, text) }
        return text
    }

    /// The archives that the pipeline names; else those of this machine that serve the suite, Debian's own first.
    func sources(of suite: DebianSuite, architecture: String) throws -> [DebianSource] {
        guard suite.mirrors.isEmpty else { return suite.mirrors.map { DebianSource($0, of: suite) } }
        let all = try AptSources(directory: configuration).all()
        let serving = all.filter { $0.serves(suite.name) && $0.supports(architecture) }
        guard !serving.isEmpty else {
            throw DebianFault.noArchive(suite: suite.name, known: Array(Set(all.map(\.suite))).sorted())
        }
        var places: Set<String> = []
        let fitting =
            suite.components.isEmpty
            ? serving : serving.map { $0.offering(suite.components) }.filter { places.insert($0.place).inserted }
        return fitting.filter(\.isSurelyDebian) + fitting.filter { !$0.isSurelyDebian }
    }

    /// The programs that this work needs, and the package of each.
    struct Program {
        let path: String
        let package: String

        static let dpkg = Program(path: "/usr/bin/dpkg", package: "dpkg")
        static let aptGet = Program(path: "/usr/bin/apt-get", package: "apt")
        static let aptCache = Program(path: "/usr/bin/apt-cache", package: "apt")
        static let aptHelper = Program(path: "/usr/lib/apt/apt-helper", package: "apt")
        static let aptFtparchive = Program(path: "/usr/bin/apt-ftparchive", package: "apt-utils")
        static let mmdebstrap = Program(path: "/usr/bin/mmdebstrap", package: "mmdebstrap")

        /// - Throws: `DebianFault.programMissing`.
        func demand() throws { if access(path, X_OK) != 0 { throw DebianFault.programMissing(path, package: package) } }
    }

    /// Runs a program to its end, whatever that is.
    func attempt(_ program: Program, _ arguments: [String], directory: String? = nil) throws -> CompletedProcess {
        try program.demand()
        return try CompletedProcess.run(
            program.path, arguments, environment: HelperProgram.environment + proxies, directory: directory,
            deadline: 1800)
    }

    /// Runs a program that must succeed.
    func run(_ program: Program, _ arguments: [String], directory: String? = nil) throws -> CompletedProcess {
        let process = try attempt(program, arguments, directory: directory)
        guard process.ending.succeeded else {
            let words = "\(process.ending.explanation)\n\(process.lastErrors)"
            throw DebianFault.programFailed(program.path, words)
        }
        return process
    }
}

/// A directory of this process alone, gone when this object goes. The kernel holds its lock while the process lives, so
/// that what a killed one left is known, and swept by the next.
final class PrivateDirectory: Sendable {
    let path: String
    private let lock: Descriptor
    private static let prefix = "bake-debian."

    /// Makes it below `parent`. Others may enter it, because apt downloads as a user of its own.
    init(in parent: String) throws {
        Self.sweep(parent)
        while true {
            var template = Array("\(parent)/\(Self.prefix)XXXXXX".utf8CString)
            guard mkdtemp(&template) != nil else { throw SystemError("make a directory in", parent) }
            let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            // Another process may sweep between the calls; then its name is gone.
            guard let lock = try? Descriptor.open(path, O_RDONLY | O_DIRECTORY),
                flock(lock.number, LOCK_EX | LOCK_NB) == 0, try lock.status().st_nlink > 0
            else { continue }
            (self.path, self.lock) = (path, lock)
            break
        }
        try SystemError.check("set the mode of", path) { chmod(path, 0o755) }
    }

    deinit { try? TreeRemoval.remove(path) }

    /// Removes what killed processes of this user left: their locks are free.
    private static func sweep(_ parent: String) {
        let names = DirectoryListing.namesIfThere(in: parent)
        for path in names.filter({ $0.hasPrefix(prefix) }).map({ "\(parent)/\($0)" }) {
            guard let left = try? Descriptor.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW),
                let status = try? left.status(), status.st_uid == geteuid(),
                flock(left.number, LOCK_EX | LOCK_NB) == 0
            else { continue }
            try? TreeRemoval.remove(path)
        }
    }

    /// Makes a directory in it and returns its path.
    func directory(_ name: String) throws -> String {
        try DurableFile.makeDirectories("\(path)/\(name)")
        return "\(path)/\(name)"
    }

    /// Writes a small file in it and returns its path.
    @discardableResult
    func file(_ name: String, _ text: String) throws -> String {
        let file = try Descriptor.open("\(path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: 0o644)
        try file.write(text.utf8)
        return "\(path)/\(name)"
    }
}
