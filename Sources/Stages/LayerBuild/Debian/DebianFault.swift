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
    /// apt's sources name no Debian archive of the suite that answers.
    case noArchive(suite: String)
    /// Debian archives did not answer; apt's own words.
    case unreachable([String], String)
    /// A program that this work needs is not installed, and the package that holds it.
    case programMissing(String, package: String)
    /// A program failed; how it ended and its last lines.
    case programFailed(String, String)
    /// No archive has the package's file any more, or none answers.
    case gone(LockedPackage, String)
    /// The lock was written for another architecture.
    case otherArchitecture(locked: String, machine: String)
    /// A package that a Debian root cannot do without is not in the lock.
    case incompleteClosure(String)
    /// The root has no database of packages.
    case noDatabase
    /// The root has other packages than when the lock was written.
    case otherBase

    public var doing: String {
        switch self {
        case .gone: "fetch the package"
        case .programMissing, .programFailed: "run"
        case .otherArchitecture, .incompleteClosure, .noDatabase, .otherBase: "install packages on"
        case .noArchive, .unreachable: "read the indexes of Debian"
        case .badName, .unknownPackages, .virtualPackages, .unsolvable: "choose the packages"
        }
    }

    public var subject: String {
        switch self {
        case .badName(let name): name
        case .unknownPackages(let names, _, _), .virtualPackages(let names), .unsolvable(let names, _):
            names.joined(separator: ", ")
        case .noArchive(let suite): suite
        case .unreachable(let suites, _): suites.joined(separator: ", ")
        case .programMissing(let program, _), .programFailed(let program, _): program
        case .gone(let package, _): "\(package.name) \(package.version)"
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
        case .programMissing: "it is not installed"
        case .programFailed(_, let words): words
        case .gone(_, let words): words
        case .otherArchitecture(_, let machine): "this machine is \(machine)"
        case .noDatabase: "it has no /var/lib/dpkg/status: only roots with dpkg take Debian packages"
        case .otherBase: "it has other packages than when the lock was written"
        case .incompleteClosure: "the lock does not have it, and no Debian root works without"
        }
    }

    public var hint: String? {
        switch self {
        case .badName: "write the name alone, as in nginx-light: versions are the lock's part"
        case .unknownPackages(_, _, let suggestions): suggestions.isEmpty ? nil : suggestions.joined(separator: " ")
        case .virtualPackages: "name one of the packages that provide it: apt-cache showpkg NAME"
        case .noArchive(let suite): "add a line 'deb URI \(suite) main' to apt's sources"
        case .unreachable: "see whether 'apt-get update' works"
        case .programMissing(_, let package): "apt-get install \(package)"
        case .gone: "a newer version has taken its place, or no archive answers: 'bake lock' pins what there is now"
        case .noDatabase: nil
        case .otherArchitecture, .incompleteClosure, .otherBase: "write the lock again with 'bake lock'"
        case .unsolvable, .programFailed: nil
        }
    }

    public var exit: ExitCode {
        switch self {
        case .badName, .otherBase: .usage
        case .unknownPackages, .virtualPackages, .noArchive: .notFound
        default: .failed
        }
    }
}
