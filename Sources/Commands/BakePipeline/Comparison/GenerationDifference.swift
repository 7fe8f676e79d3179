import BakeModel
import GitRepository
import ImageComparison
import SourceCheckout

/// Everything in which two images differ: commits, packages, files, configuration, verdict and size.
public struct GenerationDifference: Sendable {
    /// The older side.
    public let old: ComparisonSide
    /// The newer side.
    public let new: ComparisonSide
    /// Files and packages.
    public let root: RootDifference
    /// Whether only a part of the files was compared, and nothing else.
    public let isPartial: Bool
    /// How programs are started; empty where a side is a directory.
    public let settings: [SettingChange]
    /// The commits between; nil where a side has none, or no repository at hand has both.
    public let commits: CommitsBetween?

    /// Compares two sides.
    /// - Parameters:
    ///   - checkout: finds a recorded commit; nil where its repository is not at hand.
    ///   - subtree: only the files of this path and below it.
    ///   - withText: whether the lines of texts are compared.
    public init(
        from old: ComparisonSide, to new: ComparisonSide, below subtree: TreePath, withText: Bool,
        checkout: (GenerationRecord) -> Checkout?
    ) throws {
        self.old = old
        self.new = new
        root = try RootDifference(from: old.root, to: new.root, below: subtree, withText: withText)
        isPartial = !subtree.isRoot
        settings =
            isPartial
            ? []
            : old.image.flatMap { old in
                new.image.map { SettingChange.all(from: old.configuration, to: $0.configuration) }
            } ?? []
        commits = isPartial ? nil : CommitsBetween(old.record, new.record, checkout: checkout)
    }

    /// Whether files, packages or configuration differ.
    public var isDifferent: Bool { !root.files.isEmpty || !root.packages.isEmpty || !settings.isEmpty }

    /// Lines put in and taken away, in all texts.
    public var lines: (added: Int, removed: Int) {
        root.files.reduce((0, 0)) { ($0.0 + ($1.text?.added ?? 0), $0.1 + ($1.text?.removed ?? 0)) }
    }

    /// The compressed bytes of the layers that both have, and of those that only the new side has.
    public var layerBytes: (shared: UInt64, new: UInt64)? {
        guard let before = old.image, let after = new.image else { return nil }
        let known = Set(before.layers.map(\.blob))
        return after.layers.reduce((0, 0)) { sum, layer in
            known.contains(layer.blob) ? (sum.0 + layer.size, sum.1) : (sum.0, sum.1 + layer.size)
        }
    }
}

/// The commits that one generation has and the other has not.
public struct CommitsBetween: Sendable {
    /// Those that are new, the newest first.
    public let added: [CommitFacts]
    /// Those that the new side has no more, the newest first.
    public let removed: [CommitFacts]

    private static let limit = 1000

    /// Looks them up; nil where they are not to be found.
    init?(_ old: GenerationRecord?, _ new: GenerationRecord?, checkout: (GenerationRecord) -> Checkout?) {
        guard let old, let new else { return nil }
        if old.commit.id == new.commit.id {
            added = []
            removed = []
            return
        }
        guard let there = checkout(new), let added = try? there.commits(without: old.commit.id, limit: Self.limit),
            let before = checkout(old), let removed = try? before.commits(without: new.commit.id, limit: Self.limit)
        else { return nil }
        self.added = added.map(CommitFacts.init)
        self.removed = removed.map(CommitFacts.init)
    }
}
