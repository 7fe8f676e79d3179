import BakeModel
import LinuxSystem

/// The packages that a stage needs, chosen by apt's own solver from the machine's Debian archives.
public struct DebianSolver: Sendable {
    private let machine: DebianMachine

    /// Solves with the apt of this machine.
    public init(machine: DebianMachine) { self.machine = machine }

    /// A closure, and what was left out of account.
    public struct Solution: Hashable, Sendable {
        /// What goes into the lock.
        public let packages: LockedPackages
        /// Archives of the suite that were not used, each with why, for people.
        public let ignoredArchives: [String]
    }

    /// What every root has, as a pattern of apt's. usr-is-merged, where the suite has it, stands in for usrmerge, which
    /// would bring the whole of Perl.
    private static let root = "?or(?essential,?priority(required),?exact-name(apt),?exact-name(usr-is-merged))"

    /// Finds everything that a root with these packages holds: what is essential or required, apt, and what the names need;
    /// or, on a root that is there, everything that must be added to it. Recommendations are left out, and nothing that is
    /// there is removed.
    /// - Parameter base: the root below; nil for a whole root.
    /// - Throws: `DebianFault`; an unknown package is exit 4.
    public func solve(suite: String, asked: [String], on base: InstalledPackages? = nil) throws -> Solution {
        if let bad = asked.first(where: { !DebianGrammar.isPackageName($0) }) { throw DebianFault.badName(bad) }
        let architecture = try machine.architecture()
        let apt = try AptWorkspace(machine, architecture: architecture, status: base?.status ?? "")
        let archives = try DebianArchives(
            reading: try machine.sources(of: suite, architecture: architecture), of: suite, with: apt)
        let search = DebianSearch(apt: apt, suite: suite)
        let chosen = try search.choose(asked, with: base == nil ? [Self.root] : [])
        if let absent = asked.filter({ chosen[$0] == nil && base?.has($0) != true }).nonEmpty {
            throw DebianFault.virtualPackages(absent)
        }
        let packages = LockedPackages(
            suite: suite, architecture: architecture, asked: Array(Set(asked)),
            closure: try search.describe(chosen), base: base?.digest)
        return Solution(packages: packages, ignoredArchives: archives.ignored)
    }
}

extension Array {
    /// The array itself; nil where nothing is in it.
    var nonEmpty: Self? { isEmpty ? nil : self }
}
