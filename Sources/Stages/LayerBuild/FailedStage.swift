import BakeModel

/// A stage whose command failed and whose root is kept for a person to look into.
public struct FailedStage: Hashable, Sendable {
    /// The pipeline.
    public let pipeline: PipelineName
    /// The stage.
    public let stage: StageName

    /// Names a stage.
    public init(pipeline: PipelineName, stage: StageName) {
        self.pipeline = pipeline
        self.stage = stage
    }

    /// Reads what `name` wrote; nil for everything else.
    public init?(name: String) {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let pipeline = PipelineName(parts[0]), let stage = StageName(parts[1]) else {
            return nil
        }
        self.init(pipeline: pipeline, stage: stage)
    }

    /// The name under which its root is kept: no name of a pipeline or a stage has a dot.
    public var name: String { "\(pipeline).\(stage)" }
}
