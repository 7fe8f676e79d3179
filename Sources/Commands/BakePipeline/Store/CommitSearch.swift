import BakeModel

/// Whether a store ever saw a commit.
public struct CommitSearch: Sendable {
    private let store: BakeStore
    /// How many bakes of each pipeline are looked through where no generation was made of it.
    private static let depth = 1_000

    /// Searches a store.
    public init(store: BakeStore) { self.store = store }

    /// Does nothing where a generation was made of such a commit, or one of the latest bakes was of it.
    /// - Throws: `UnknownReference`.
    public func confirm(_ prefix: CommitPrefix) throws {
        let pipelines = try store.generations.pipelines()
        for pipeline in pipelines {
            if try !store.generations.find(pipeline, commit: prefix).isEmpty { return }
        }
        for pipeline in pipelines {
            let builds = try store.generations.builds(of: pipeline, limit: Self.depth)
            if builds.contains(where: { $0.record.commit.id.hex.hasPrefix(prefix.hex) }) { return }
        }
        throw UnknownReference(
            text: prefix.hex, why: "no generation was made of such a commit, and no recent bake was of it",
            hint: "the commits that were baked: bake log")
    }
}
