import BakeModel
import GitRepository
import SourceCheckout
import StageEngine

/// Why a stage of a bake ran, was cached or failed: its inputs beside those of the run before.
public struct StageReason: Sendable {
    /// The bake.
    public let bake: RecordedBake
    /// What became of the stage in it.
    public let stage: BuildRecord.Stage
    /// The latest earlier bake in which it had the inputs that these were compared with; for a cached stage the one that
    /// made the result. Nil where there is none.
    public let earlier: RecordedBake?
    /// Everything that went in, by name; nil where the cache does not have the list any more.
    public let inputs: [Input]?
    /// The inputs that differ; nil where the cache lacks one of the two lists.
    public let changes: [Change]?

    /// One thing that went in.
    public struct Input: Hashable, Sendable {
        /// What it is.
        public let name: String
        /// Its value: text, or something with a digest.
        public let value: String
    }

    /// One thing that differs.
    public struct Change: Hashable, Sendable {
        /// What it is.
        public let name: String
        /// What it was; nil where it was not there.
        public let before: String?
        /// What it is; nil where it is gone.
        public let after: String?
        /// The commit that changed it, for a file of the commit, where its repository is at hand.
        public let commit: CommitFacts?
    }
}

/// Finds reasons out.
public struct StageReasonSearch: Sendable {
    private let finder: BuildFinder
    private let cache: StageCache
    /// The checkout of a recorded bake's commit; nil where its repository is not at hand.
    private let checkout: @Sendable (BuildRecord) -> Checkout?

    /// - Parameter checkout: finds a recorded commit; nil where its repository is not at hand.
    public init(store: BakeStore, finder: BuildFinder, checkout: @escaping @Sendable (BuildRecord) -> Checkout?) {
        self.finder = finder
        self.checkout = checkout
        cache = StageCache(reading: StageCache.directory(in: store))
    }

    /// Why a stage ran in a bake, or did not.
    /// - Throws: `UnknownStage`.
    public func reason(for name: String, in bake: RecordedBake) throws -> StageReason {
        let stage = try bake.stage(name)
        let isCached = stage.state == "cached"
        let wanted = isCached ? stage.key : stage.earlierKey
        let earlier = try wanted.flatMap { key in
            try finder.newest(before: bake) { record in
                record.stages.contains {
                    $0.name == name && $0.key == key && ($0.state == "ran" || !isCached && $0.state == "cached")
                }
            }
        }
        let key = stage.key.flatMap(cache.key)
        return StageReason(
            bake: bake, stage: stage, earlier: earlier,
            inputs: key?.inputs.map { StageReason.Input(name: $0.name, value: $0.value) },
            changes: try isCached ? [] : key.flatMap { try changes($0, stage, bake, since: earlier) })
    }

    private func changes(
        _ key: StageKey, _ stage: BuildRecord.Stage, _ bake: RecordedBake, since earlier: RecordedBake?
    ) throws -> [StageReason.Change]? {
        guard let before = stage.earlierKey else { return [] }
        guard let older = cache.key(before) else { return nil }
        let differences = key.differences(from: older)
        let source = differences.isEmpty ? nil : checkout(bake.record)
        return differences.map { difference in
            StageReason.Change(
                name: difference.name, before: difference.before, after: difference.after,
                commit: source.flatMap { Self.commit(of: difference, in: $0, since: earlier?.record.commit.id) })
        }
    }

    /// The commit that made a file what the key says, or took it away; nil for other inputs, and for a draft's files.
    private static func commit(
        of difference: StageKey.Difference, in checkout: Checkout, since older: CommitID?
    ) -> CommitFacts? {
        guard let path = try? TreePath(cleaning: difference.name), !path.isRoot,
            let value = difference.after ?? difference.before, endsWithObject(value)
        else { return nil }
        let object = try? checkout.committedObject(at: path)
        guard difference.after == nil ? object == nil : value.hasSuffix(object?.hex ?? " ") else { return nil }
        // A history that was rewritten may not have the older commit any more.
        let change =
            (try? checkout.newestChange(of: path, without: older))
            ?? (try? checkout.newestChange(of: path, without: nil))
        return change.map(CommitFacts.init)
    }

    private static func endsWithObject(_ value: String) -> Bool {
        ObjectID(value.split(separator: " ").last.map(String.init) ?? "") != nil
    }
}

extension CommitFacts {
    /// What the ledger keeps of a commit.
    init(_ commit: Commit) {
        self.init(
            id: commit.id, summary: commit.summary, author: commit.author.name, mail: commit.author.mail,
            time: commit.author.time)
    }
}
