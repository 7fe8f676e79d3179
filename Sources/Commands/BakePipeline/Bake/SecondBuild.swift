import BakeModel
import Glibc
import ImageComparison
import LayerBuild

/// A stage built once more, to find out whether the same inputs give the same bytes.
struct SecondBuild {
    let store: BakeStore
    let clock: @Sendable () -> Timestamp

    /// Builds a stage again and compares.
    /// - Throws: `UnreproducibleStage` where something else came out.
    func confirm(_ first: BuiltStage, of stage: StageName, build: () throws -> BuiltStage) throws {
        let end = clock()
        waitForNextSecond(after: end)
        let second = try build()
        guard second != first else { return }
        let context = LikelyCause.Context(seconds: [end.seconds, clock().seconds])
        throw UnreproducibleStage(stage: stage, files: try differences(first, second, context))
    }

    /// Two builds within one second would write the same time.
    private func waitForNextSecond(after end: Timestamp) {
        while clock().seconds == end.seconds { usleep(20_000) }
    }

    private func differences(
        _ first: BuiltStage, _ second: BuiltStage, _ context: LikelyCause.Context
    ) throws -> [UnreproducedFile] {
        let roots = try UnreproducedFile.all(
            from: .image(first.rootLayers, store.blobs), to: .image(second.rootLayers, store.blobs), context)
        let outputs = try UnreproducedFile.all(
            from: .image(first.output.map { [$0] } ?? [], store.blobs),
            to: .image(second.output.map { [$0] } ?? [], store.blobs), context)
        return roots + outputs
    }
}

/// A stage that gave two results for the same inputs.
public struct UnreproducibleStage: ExplainedError {
    /// The stage.
    public let stage: StageName
    /// The files that differ.
    public let files: [UnreproducedFile]

    public var doing: String { "build the same twice in the stage" }
    public var subject: String { stage.text }
    public var reason: String {
        guard !files.isEmpty else { return "the two layers hold the same files in another shape" }
        let count = files.count == 1 ? "a file differs" : "\(files.count) files differ"
        return ([count] + UnreproducedText(files).lines).joined(separator: "\n")
    }
    public var hint: String? { "what a command may count on: no network, SOURCE_DATE_EPOCH, a fixed host name" }
}
