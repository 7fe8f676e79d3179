import BakeModel
import BlobStorage
import LinuxSystem

/// The packages that a stage needs, chosen by apt's own solver.
public struct DebianSolver: Sendable {
    private let machine: DebianMachine
    private let store: BlobStore?

    /// Solves with the apt of this machine.
    /// - Parameter store: whose packages may stay in a lock after the archives have dropped them; nil for no store.
    public init(machine: DebianMachine, store: BlobStore? = nil) {
        self.machine = machine
        self.store = store
    }

    /// A closure, and what a person should know of it.
    public struct Solution: Hashable, Sendable {
        /// What goes into the lock.
        public let packages: LockedPackages
        /// Archives of the suite that were not used, each with why.
        public let ignoredArchives: [String]
        /// The packages of the closure that come from a security archive, as far as they are new.
        public let security: Set<String>
    }

    /// What every root has, as a pattern of apt's. usr-is-merged, where the suite has it, stands in for usrmerge, which
    /// would bring the whole of Perl.
    private static let root = "?or(?essential,?priority(required),?exact-name(apt),?exact-name(usr-is-merged))"

    /// Finds everything that a root with these packages holds: what is essential or required, apt, and what the names and
    /// files need; or, on a root that is there, everything that must be added to it. Recommendations are left out, and
    /// nothing that is there is removed. No network where nothing is asked anew and the store has it all.
    /// - Parameters:
    ///   - base: the root below; nil for a whole root.
    ///   - old: what was locked before: its versions stay where they can.
    ///   - update: which of them move all the same.
    /// - Throws: `DebianFault`; an unknown package is exit 4.
    public func solve(
        _ request: PackageRequest, on base: InstalledPackages? = nil, keeping old: LockedPackages? = nil,
        update: LockUpdate = .nothing
    ) throws -> Solution {
        let architecture = try machine.architecture()
        try request.check(architecture: architecture)
        if let old, update == .nothing, old.architecture == architecture, stands(old, request, on: base?.list) {
            return Solution(packages: old, ignoredArchives: [], security: [])
        }
        let apt = try AptWorkspace(machine, architecture: architecture, status: base?.status ?? "")
        let sources = try signed(
            try machine.sources(of: request.suite, architecture: architecture), request, apt)
        let archives = try DebianArchives(reading: sources, of: request.suite, with: apt)
        let choice = PackageChoice(
            request: request, search: DebianSearch(apt: apt, suite: request.suite.name), base: base,
            held: base == nil ? [Self.root] : [])
        let kept = try kept(old, request, apt)
        let (closure, security) = try choice.make(keeping: kept, update: update)
        let packages = LockedPackages(
            suite: request.suite.name, architecture: architecture, asked: request.asked,
            files: request.files.map(\.locked), components: request.suite.components, mirrors: request.suite.mirrors,
            closure: closure, base: base?.list.digest)
        return Solution(packages: packages, ignoredArchives: archives.ignored, security: security)
    }

    /// Whether what is locked is the answer still: the same question, on the same root, and the store has every package.
    public func stands(_ locked: LockedPackages, _ request: PackageRequest, on base: PackageList?) -> Bool {
        guard let store, locked.base == base?.digest, request.isAnswered(by: locked) else { return false }
        return locked.closure.allSatisfy { store.contains($0.digest) }
    }

    /// The sources with the keyring that the pipeline names.
    private func signed(
        _ sources: [DebianSource], _ request: PackageRequest, _ apt: AptWorkspace
    ) throws -> [DebianSource] {
        switch request.suite.keyring {
        case nil: return sources
        case .machine(let path): return sources.map { $0.signed(by: path) }
        case .commit:
            let path = try apt.keyring(request.keyring ?? [])
            return sources.map { $0.signed(by: path) }
        }
    }

    /// Of a lock for another suite nothing is kept.
    private func kept(_ old: LockedPackages?, _ request: PackageRequest, _ apt: AptWorkspace) throws -> KeptPackages? {
        guard let old, old.suite == request.suite.name else { return nil }
        return try KeptPackages(of: old, apt: apt, store: store, machine: machine)
    }
}

extension Array {
    /// The array itself; nil where nothing is in it.
    var nonEmpty: Self? { isEmpty ? nil : self }
}
