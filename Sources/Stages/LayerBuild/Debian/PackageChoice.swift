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
    /// Pinned versions give way in three steps: those that are to move; where that has no solution, also what these and
    /// the packages asked for need; and where that has none, all.
    func make(keeping kept: KeptPackages?, update: LockUpdate) throws -> (closure: [LockedPackage], security: Set<String>) {
        let paths = try request.files.map(search.apt.take)
        let pinned = (kept?.packages ?? []).filter { !update.moves($0.name) }
        let choices = try choose(pinned, update) { try search.choose(request.asked + paths, with: held) }
        let local = Set(request.files.map(\.control.name))
        if let absent = request.asked.filter({ choices[$0] == nil && base?.has($0) != true }).nonEmpty {
            throw DebianFault.virtualPackages(absent)
        }
        let wanted = choices.filter { !local.contains($0.key) }
        let unchanged = wanted.compactMap { name, choice in kept?.package(name, choice.version) }
        let fresh = wanted.filter { name, choice in kept?.package(name, choice.version) == nil }
        let closure = unchanged + (try search.describe(fresh.mapValues(\.version)))
        return (closure, Set(fresh.filter(\.value.isSecurity).keys))
    }

    private func choose(
        _ pinned: [LockedPackage], _ update: LockUpdate, _ solve: () throws -> [String: DebianSearch.Choice]
    ) throws -> [String: DebianSearch.Choice] {
        guard !pinned.isEmpty else { return try solve() }
        for isFree in [{ _ in false }, try freedByNeed(update)] as [(String) -> Bool] {
            let versions = pinned.filter { !isFree($0.name) }.map { ($0.name, $0.version) }
            try search.apt.pin(Dictionary(versions) { $1 })
            do { return try solve() } catch DebianFault.unsolvable { continue }
        }
        try search.apt.pin([:])
        return try solve()
    }

    private func freedByNeed(_ update: LockUpdate) throws -> (String) -> Bool {
        var roots = request.files.reduce(into: Set(request.asked)) { $0.formUnion($1.control.needs) }
        if case .packages(let names) = update { roots = names }
        let needs = roots.isEmpty ? [] : try search.needs(of: roots)
        return { needs.contains($0) }
    }
}
