import BakeModel

/// What changed between two locks: what a reviewer reads.
public struct LockChanges: Sendable {
    /// A package that was not there, is another one now, or is gone.
    public struct PackageChange: Hashable, Sendable {
        /// The stage that installs it.
        public let stage: StageName
        /// What was pinned; nil for a new one.
        public let old: LockedPackage?
        /// What is pinned now; nil for one that is gone.
        public let new: LockedPackage?
        /// Whether the new one comes from a security archive.
        public let isSecurity: Bool

        /// The package's name.
        public var name: String { (new ?? old)?.name ?? "" }
    }

    /// Every change of a package, in the order of stages and names.
    public let packages: [PackageChange]
    /// Every other change, a line each.
    public let others: [String]
    /// The stages that were not pinned before.
    public let added: [AddedStage]

    /// A stage that was not pinned before.
    public struct AddedStage: Hashable, Sendable {
        /// The stage.
        public let stage: StageName
        /// The Debian suite of its packages.
        public let suite: String
        /// How many there are.
        public let packages: Int
    }

    /// Compares two locks.
    /// - Parameter security: the packages of the new one that come from a security archive.
    public init(from old: Lock, to new: Lock, security: [StageName: Set<String>] = [:]) {
        let stages = new.packages.keys.sorted()
        packages = stages.flatMap { stage in
            Self.changes(of: stage, old.packages[stage], new.packages[stage], security[stage] ?? [])
        }
        added = stages.filter { old.packages[$0] == nil }.compactMap { stage in
            new.packages[stage].map {
                AddedStage(stage: stage, suite: $0.suite, packages: $0.closure.count)
            }
        }
        others = Self.gone(old, new) + Self.questions(old, new) + Self.imports(old, new) + Self.fetches(old, new)
    }

    /// Whether the locks are equal.
    public var isEmpty: Bool { packages.isEmpty && others.isEmpty && added.isEmpty }

    private static func changes(
        of stage: StageName, _ old: LockedPackages?, _ new: LockedPackages?, _ security: Set<String>
    ) -> [PackageChange] {
        let before = Dictionary((old?.closure ?? []).map { ($0.name, $0) }) { $1 }
        let after = Dictionary((new?.closure ?? []).map { ($0.name, $0) }) { $1 }
        return Set(before.keys).union(after.keys).sorted().compactMap { name in
            guard before[name] != after[name] else { return nil }
            return PackageChange(
                stage: stage, old: before[name], new: after[name],
                isSecurity: after[name] != nil && security.contains(name))
        }
    }

    private static func gone(_ old: Lock, _ new: Lock) -> [String] {
        old.packages.filter { new.packages[$0.key] == nil }.sorted { $0.key < $1.key }.map {
            "\($0.key)  its \($0.value.closure.count) packages are gone"
        }
    }

    /// What the locks were made for.
    private static func questions(_ old: Lock, _ new: Lock) -> [String] {
        new.packages.sorted { $0.key < $1.key }.flatMap { stage, locked -> [String] in
            guard let before = old.packages[stage] else { return [] }
            let base = before.base == locked.base ? [] : ["on a root with other packages"]
            return (LockQuestion(locked).difference(from: LockQuestion(before)) + base).map { "\(stage)  \($0)" }
        }
    }

    private static func imports(_ old: Lock, _ new: Lock) -> [String] {
        let changed = new.imports.filter { old.imports[$0.key] != $0.value }.sorted { $0.key < $1.key }
        let gone = old.imports.keys.filter { new.imports[$0] == nil }.sorted()
        return changed.map { stage, locked in
            let before = old.imports[stage].map { "\($0.digest.short) -> " } ?? ""
            return "\(stage)  \(locked.origin)  \(before)\(locked.digest.short)"
        }
            + gone.map { "\($0)  import gone" }
    }

    private static func fetches(_ old: Lock, _ new: Lock) -> [String] {
        let changed = new.fetches.filter { old.fetches[$0.key] != $0.value }.sorted { $0.key < $1.key }
        let gone = old.fetches.keys.filter { new.fetches[$0] == nil }.sorted()
        return changed.map { stage, locked in
            let now = locked.output.diffID.digest.short
            guard let before = old.fetches[stage]?.output.diffID.digest.short else {
                return "\(stage)  fetched  \(now)"
            }
            return before == now
                ? "\(stage)  fetched  the same for another command" : "\(stage)  fetched  \(before) -> \(now)"
        } + gone.map { "\($0)  fetch gone" }
    }
}
