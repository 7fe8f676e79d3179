import BakeModel
import ImageAssembly
import ImageComparison
import LayerBuild
import SourceCheckout

/// Where a file of an image came from: the layer, the stage and, where it can be known, the commit.
public struct PathOrigin: Sendable {
    /// The path, with the links on the way to it followed.
    public let path: TreePath
    /// What stands there.
    public let entry: IndexedEntry
    /// The layer and what made it.
    public let layer: HistoryLayer
    /// The file of the commit that was added there; nil where it came otherwise, or the repository is not at hand.
    public let source: TreePath?
    /// The newest commit that changed that file; nil with `source`.
    public let commit: CommitFacts?

    /// The name of the stage that made the layer, as the image's history has it.
    public var stage: String? {
        let parts = layer.createdBy.split(separator: ":", maxSplits: 1)
        return parts.count == 2 ? String(parts[0]) : nil
    }

    /// Looks for a path in an image.
    /// - Parameter checkout: finds a recorded commit; nil where its repository is not at hand.
    /// - Throws: `MissingPath`.
    public init(
        of wanted: TreePath, in found: ResolvedReference, of store: BakeStore,
        checkout: (GenerationRecord) -> Checkout?
    ) throws {
        let reader = ImageReader(store: store.blobs)
        let image = try store.image(found)
        let index = try ComparedRoot.image(image.layers, store.blobs).index()
        guard let path = index.place(of: wanted), let entry = index.entries[path] else {
            throw MissingPath(path: wanted, image: found.generation?.id.description ?? found.image.short)
        }
        self.path = path
        self.entry = entry
        let layer = try reader.history(of: image, unnamed: "unknown")[entry.layer]
        self.layer = layer
        let added = found.generation.flatMap { record in
            checkout(record).flatMap { try? Self.added(path, in: index, layer.createdBy, $0, record) }
        }
        source = added?.source
        commit = added?.commit
    }

    /// The file that `add:` copied there: of the last rule of the stage that has one, as the last wins.
    private static func added(
        _ path: TreePath, in index: RootIndex, _ createdBy: String, _ checkout: Checkout, _ record: GenerationRecord
    ) throws -> (source: TreePath, commit: CommitFacts)? {
        let pipeline = try BakeInputs(checkout, of: record).pipeline
        guard let stage = pipeline.stages.first(where: { createdBy == "\($0.name): add" }) else { return nil }
        for rule in stage.add.reversed() {
            guard case .checkout(let pattern) = rule.source else { continue }
            let placement = try AddPlacement(rule)
            let matcher = try PathMatcher(pattern)
            guard
                let file = try checkout.tree.files.first(where: {
                    // As the layer was written: through the links of the root.
                    matcher.matches($0.path) && placement.target(of: $0.path).flatMap(index.place) == path
                }),
                let commit = try checkout.newestChange(of: file.path, without: nil)
            else { continue }
            return (file.path, CommitFacts(commit))
        }
        return nil
    }
}

/// A path that an image does not have.
public struct MissingPath: ExplainedError, Hashable {
    let path: TreePath
    let image: String
    public var doing: String { "find" }
    public var subject: String { "/\(path)" }
    public var reason: String { "\(image) has no such path" }
    public var hint: String? { "bake diff tells which generation took it away" }
    public var exit: ExitCode { .notFound }
}
