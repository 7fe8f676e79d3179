/// Where an environment keeps the generation of one pipeline: `web:production`.
public struct Slot: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The pipeline whose generations it holds.
    public let pipeline: PipelineName
    /// The environment it belongs to.
    public let environment: EnvironmentName

    /// Names a slot.
    public init(pipeline: PipelineName, environment: EnvironmentName) {
        self.pipeline = pipeline
        self.environment = environment
    }

    /// Reads `PIPE:ENV`.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let pipeline = PipelineName(parts[0]), let environment = EnvironmentName(parts[1])
        else { return nil }
        self.init(pipeline: pipeline, environment: environment)
    }

    public var description: String { "\(pipeline):\(environment)" }
    public static func < (left: Slot, right: Slot) -> Bool { left.description < right.description }
}
