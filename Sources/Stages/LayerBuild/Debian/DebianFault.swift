import BakeModel

/// Why packages could not be pinned, fetched or installed.
public enum DebianFault: ExplainedError {
    /// A name that is no package's name by Debian's grammar.
    case badName(String)
    /// Packages that no Debian archive of the machine has in this suite, each with the nearest name.
    case unknownPackages([String], suite: String, suggestions: [String])
    /// Names that several packages provide and none bears.
    case virtualPackages([String])
    /// apt finds no set of packages that fit together; its own words.
    case unsolvable([String], String)
    /// apt's sources name no Debian archive of the suite that answers; the suites that they name.
    case noArchive(suite: String, known: [String])
    /// A package that is asked for by name and as a file, or by two files.
    case twice(String, TreePath)
    /// A file with a package of another architecture.
    case foreignFile(TreePath, String, machine: String)
    /// Debian archives did not answer; apt's own words.
    case unreachable([String], String)
    /// A program that this work needs is not installed, and the package that holds it.
    case programMissing(String, package: String)
    /// A program failed; how it ended and its last lines.
    case programFailed(String, String)
    /// No archive has the package's file any more; apt's words.
    case gone(LockedPackage, String)
    /// An archive has other bytes under the package's name; apt's words.
    case changed(LockedPackage, String)
    /// No archive that may have the package answers; apt's words.
    case silent(LockedPackage, String)
    /// The lock was written for another architecture.
    case otherArchitecture(locked: String, machine: String)
    /// A package that a Debian root cannot do without is not in the lock.
    case incompleteClosure(String)
    /// The root has no database of packages.
    case noDatabase
    /// The root has other packages than when the lock was written: a line each, where the old list is known.
    case otherBase([String])

    public var doing: String {
        switch self {
        case .gone, .changed, .silent: "fetch the package"
        case .programMissing, .programFailed: "run"
        case .otherArchitecture, .incompleteClosure, .noDatabase, .otherBase: "install packages on"
        case .noArchive, .unreachable: "read the indexes of Debian"
        case .badName, .unknownPackages, .virtualPackages, .unsolvable, .twice, .foreignFile: "choose the packages"
        }
    }

    public var subject: String {
        switch self {
        case .badName(let name): name
        case .unknownPackages(let names, _, _), .virtualPackages(let names), .unsolvable(let names, _):
            names.joined(separator: ", ")
        case .noArchive(let suite, _): suite
        case .twice(let name, _): name
        case .foreignFile(let path, _, _): path.description
        case .unreachable(let suites, _): suites.joined(separator: ", ")
        case .programMissing(let program, _), .programFailed(let program, _): program
        case .gone(let package, _), .changed(let package, _), .silent(let package, _):
            "\(package.name) \(package.version)"
        case .otherArchitecture(let locked, _): locked
        case .incompleteClosure(let name): name
        case .noDatabase, .otherBase: "the root below"
        }
    }

    public var reason: String {
        switch self {
        case .badName: "that is no name of a Debian package"
        case .unknownPackages(_, let suite, _): "\(suite) has no such package in the archives this machine knows"
        case .virtualPackages: "that is a virtual package"
        case .unsolvable(_, let words), .unreachable(_, let words): words
        case .noArchive: "apt's sources on this machine name no Debian archive of that suite that answers"
        case .twice(_, let path): "\(path) is that package too, and only one of them can be installed"
        case .foreignFile(_, let architecture, let machine): "it is for \(architecture), and this machine is \(machine)"
        case .programMissing: "it is not installed"
        case .programFailed(_, let words): words
        case .gone(_, let words): "no archive has it any more" + Self.quoted(words)
        case .changed(_, let words): "an archive has other bytes than the lock pins" + Self.quoted(words)
        case .silent(_, let words): "the store does not have it, and no archive answers" + Self.quoted(words)
        case .otherArchitecture(_, let machine): "this machine is \(machine)"
        case .noDatabase: "it has no /var/lib/dpkg/status: only roots with dpkg take Debian packages"
        case .otherBase(let lines):
            (["it has other packages than when the lock was written"] + lines).joined(separator: "\n")
        case .incompleteClosure: "the lock does not have it, and no Debian root works without"
        }
    }

    public var hint: String? {
        switch self {
        case .badName: "write the name alone, as in nginx-light: versions are the lock's part"
        case .unknownPackages(_, _, let suggestions): suggestions.isEmpty ? nil : suggestions.joined(separator: " ")
        case .virtualPackages: "name one of the packages that provide it: apt-cache showpkg NAME"
        case .noArchive(let suite, let known):
            Spelling.suggestion(for: suite, in: DebianSuite.known + known)
                ?? "add a line 'deb URI \(suite) main' to apt's sources, or name an archive: "
                + "debian: { suite: \(suite), mirror: URL }"
        case .unreachable: "see whether it answers; what is locked already is baked from the store"
        case .twice: "name it once"
        case .programMissing(_, let package): "apt-get install \(package)"
        case .gone: "a newer version has taken its place: 'bake lock' pins what there is now"
        case .changed:
            "the mirror is damaged, or somebody changed it; where the new bytes are meant: bake lock --update"
        case .silent: "bake again when it does; a store that has baked this lock needs no archive"
        case .otherArchitecture, .incompleteClosure, .otherBase: "write the lock again with 'bake lock'"
        case .unsolvable, .programFailed, .foreignFile, .noDatabase: nil
        }
    }

    /// Sorts out why a package did not come.
    static func missing(_ package: LockedPackage, _ lines: [String]) -> DebianFault {
        let signs: [(words: [String], fault: (String) -> DebianFault)] = [
            (["Hash Sum mismatch", "unexpected size"], { .changed(package, $0) }),
            (
                [
                    "Could not connect", "Temporary failure", "Could not resolve", "Connection", "timed out",
                    "Unable to",
                ],
                { .silent(package, $0) }
            ),
        ]
        for (words, fault) in signs {
            if let line = lines.first(where: { line in words.contains { line.contains($0) } }) { return fault(line) }
        }
        return .gone(package, lines.last { $0.hasPrefix("E:") } ?? "")
    }

    private static func quoted(_ words: String) -> String { words.isEmpty ? "" : "\n\(words)" }

    public var exit: ExitCode {
        switch self {
        case .badName, .twice, .foreignFile, .otherBase: .usage
        case .unknownPackages, .virtualPackages, .noArchive: .notFound
        default: .failed
        }
    }
}
