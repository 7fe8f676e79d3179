import BakeModel

/// What a stage's part of a lock was made for: the suite, its archives, the packages asked for.
struct LockQuestion: Hashable {
    /// What was asked, one term each: `bookworm`, `component main`, `nginx-light`, `./app.deb`.
    let terms: [String]

    /// What a lock answers.
    init(_ locked: LockedPackages) {
        let files = locked.files.map { Self.term($0.path, $0.relations) }
        terms = Self.terms(locked.suite, locked.components, locked.mirrors) + locked.asked + files
    }

    /// What a stage asks.
    /// - Parameter files: its `.deb` files, as a lock would describe them.
    init(_ stage: Stage, of suite: DebianSuite?, files: [LockedPackageFile]) {
        let files = files.sorted { $0.path < $1.path }.map { Self.term($0.path, $0.relations) }
        let sources = suite.map { Self.terms($0.name, $0.components, $0.mirrors) } ?? []
        terms = sources + Set(stage.packages).sorted() + files
    }

    /// What is asked now and was not, and the other way round: `- nginx`, `+ nginx-light`.
    func difference(from older: LockQuestion) -> [String] {
        older.terms.filter { !terms.contains($0) }.map { "- \($0)" }
            + terms.filter { !older.terms.contains($0) }.map { "+ \($0)" }
    }

    private static func terms(
        _ suite: String, _ components: [String], _ mirrors: [DebianMirrorAddress]
    ) -> [String] {
        ["debian \(suite)"] + components.map { "component \($0)" } + mirrors.map { "mirror \($0)" }
    }

    private static func term(_ path: TreePath, _ relations: Digest) -> String {
        "./\(path) with what it needs, \(relations.short)"
    }
}
