import BakeModel

/// Chooses packages so that as few as possible differ from an older lock.
struct PackageChoice {
    let request: PackageRequest
    let search: DebianSearch
    /// The root below; nil for a whole root.
    let base: InstalledPackages?
    /// What is installed in any case, as arguments of apt.
    let held: [String]

    /// The closure, and which of its packages are new and come from a security archive.
    ///
    /// What is pinned, and what the root below has, gives way in three steps: what is to move; where that has no solution,
    /// also what this and the packages that are new in the list need; and where that has none, all.
    func make(keeping kept: KeptPackages?, update: LockUpdate) throws -> (
        closure: [LockedPackage], security: Set<String>
    ) {
        let paths = try request.files.map(search.apt.take)
        let choices = try choose(pins(kept, update), freed: freed(by: update, kept)) {
            try search.choose(request.asked + paths, with: held)
        }
        if let absent = request.asked.filter({ choices[$0] == nil && base?.versions[$0] == nil }).nonEmpty {
            throw DebianFault.virtualPackages(absent)
        }
        let local = Set(request.files.map(\.control.name))
        let wanted = choices.filter { name, choice in
            !local.contains(name) && base?.versions[name] != choice.version
        }
        let unchanged = wanted.compactMap { name, choice in kept?.package(name, choice.version) }
        let fresh = wanted.filter { name, choice in kept?.package(name, choice.version) == nil }
        let closure = unchanged + (try search.describe(fresh.mapValues(\.version)))
        return (closure, Set(fresh.filter(\.value.isSecurity).keys))
    }

    /// An update of everything moves what the stage itself adds: the root below is its own stage's to move.
    private func pins(_ kept: KeptPackages?, _ update: LockUpdate) -> [String: String] {
        var named: Set<String> = []
        if case .packages(let names) = update { named = names }
        let below = (base?.versions ?? [:]).filter { !named.contains($0.key) }
        let own = (kept?.packages ?? []).filter { !update.moves($0.name) }
        return below.merging(own.map { ($0.name, $0.version) }) { $1 }
    }

    private func choose(
        _ pins: [String: String], freed: @autoclosure () throws -> Set<String>,
        _ solve: () throws -> [String: DebianSearch.Choice]
    ) throws -> [String: DebianSearch.Choice] {
        try search.apt.pin(pins)
        do { return try solve() } catch DebianFault.unsolvable where !pins.isEmpty {}
        let free = try freed()
        try search.apt.pin(pins.filter { !free.contains($0.key) })
        do { return try solve() } catch DebianFault.unsolvable {}
        try search.apt.pin([:])
        return try solve()
    }

    private func freed(by update: LockUpdate, _ kept: KeptPackages?) throws -> Set<String> {
        var roots = Set(request.asked).subtracting(kept?.asked ?? [])
        for file in request.files { roots.formUnion(file.control.needs) }
        if case .packages(let names) = update { roots.formUnion(names) }
        return roots.isEmpty ? [] : try search.needs(of: roots)
    }
}
