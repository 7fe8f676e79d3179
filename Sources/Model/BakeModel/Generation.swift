/// The number of a generation of one pipeline: 1, 2, 3, … and never used again.
public struct GenerationNumber: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The number, from 1 to 1,000,000,000.
    public let value: Int

    /// More generations than anybody bakes; a forged larger number would have no next one.
    private static let largest = 1_000_000_000

    /// Takes a number from 1 on.
    public init?(_ value: Int) {
        guard (1...Self.largest).contains(value) else { return nil }
        self.value = value
    }

    /// The number that a pipeline's first generation has.
    public static let first = GenerationNumber(unchecked: 1)

    /// The number after this one.
    public var next: GenerationNumber { GenerationNumber(unchecked: value + 1) }

    private init(unchecked value: Int) { self.value = value }

    public var description: String { String(value) }
    public static func < (left: GenerationNumber, right: GenerationNumber) -> Bool { left.value < right.value }
}

/// A generation's name, `web@42`: the one people say aloud.
public struct GenerationID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The pipeline that made it.
    public let pipeline: PipelineName
    /// Its number in that pipeline.
    public let number: GenerationNumber

    /// Names a generation.
    public init(pipeline: PipelineName, number: GenerationNumber) {
        self.pipeline = pipeline
        self.number = number
    }

    /// Reads `PIPE@NUMBER`.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, let pipeline = PipelineName(parts[0]),
            let value = Int(parts[1]), let number = GenerationNumber(value), String(value) == parts[1]
        else { return nil }
        self.init(pipeline: pipeline, number: number)
    }

    public var description: String { "\(pipeline)@\(number)" }
    public static func < (left: GenerationID, right: GenerationID) -> Bool {
        left.pipeline == right.pipeline ? left.number < right.number : left.pipeline < right.pipeline
    }
}
