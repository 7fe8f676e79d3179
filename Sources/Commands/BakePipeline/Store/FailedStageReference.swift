import BakeModel
import LayerBuild
import RootFilesystem

/// `failed:STAGE`: the root that a failed stage left, which `bake --keep-failed` keeps until the pipeline's next bake.
public struct FailedStageReference: Hashable, Sendable {
    private static let prefix = "failed:"
    private let stage: String

    /// Reads a reference; nil for one of another kind.
    public init?(_ text: String) {
        guard text.hasPrefix(Self.prefix) else { return nil }
        stage = String(text.dropFirst(Self.prefix.count))
    }

    /// Finds the root that is meant.
    /// - Parameter pipeline: the one that was named; nil where any is meant.
    /// - Throws: `UnknownReference`.
    public func root(in store: BakeStore, of pipeline: PipelineName?) throws -> FailedRoot {
        let kept = store.workshop.failedRoots.compactMap { FailedStage(name: $0) }
            .filter { pipeline == nil || $0.pipeline == pipeline }
        let fitting = kept.filter { $0.stage.text == stage }
        guard fitting.count <= 1 else {
            let choices = fitting.map { "-p \($0.pipeline)" }.joined(separator: ", ")
            throw UnknownReference(
                text: description, why: "\(fitting.count) pipelines have one", hint: "say which one: \(choices)",
                exit: .usage)
        }
        guard let found = fitting.first, let root = try store.workshop.failedRoot(found.name) else {
            let suggestion = Spelling.closest(to: stage, in: kept.map(\.stage.text))
            throw UnknownReference(
                text: description, why: "no root of a failed stage of that name is kept",
                hint: suggestion.map { "did you mean failed:\($0)?" } ?? "bake --keep-failed")
        }
        return root
    }

    private var description: String { Self.prefix + stage }
}
