import BakeModel
import BlobStorage

/// The packages of an older lock that can still be had: from an archive, or out of the store.
struct KeptPackages {
    /// The packages.
    let packages: [LockedPackage]
    /// What was asked for then.
    let asked: [String]
    /// What the archives have no more, made into an archive out of the store; it must live while apt reads it.
    private let repository: DebianRepository?

    /// Looks for each of them, the very bytes. What apt reads gains an archive of those that the store alone has.
    init(of old: LockedPackages, apt: AptWorkspace, store: BlobStore?, machine: DebianMachine) throws {
        asked = old.asked
        let names = old.closure.map(\.name)
        let shown = names.isEmpty ? "" : try apt.attempt(.aptCache, ["show", "--"] + names).text
        let offered = Set(ControlParagraph.parse(shown).compactMap { LockedPackage($0)?.identity })
        let stored = old.closure.filter { !offered.contains($0.identity) && store?.contains($0.digest) == true }
        packages = old.closure.filter { offered.contains($0.identity) } + stored
        guard let store, !stored.isEmpty else {
            repository = nil
            return
        }
        let lost = LockedPackages(suite: old.suite, architecture: old.architecture, asked: [], closure: stored)
        let made = try DebianRepository(of: lost, store: store, machine: machine)
        repository = made
        try apt.add(made.source(of: lost))
    }

    /// The package of this name and version; nil where none was kept.
    func package(_ name: String, _ version: String) -> LockedPackage? {
        packages.first { $0.name == name && $0.version == version }
    }
}

extension LockedPackage {
    /// Name and bytes.
    fileprivate var identity: String { "\(name) \(version) \(digest)" }
}
