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

/// A generation's name, `web@42`: the one people say aloud. A draft has none of these numbers; its name is `web@draft-3`.
public struct GenerationID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The pipeline that made it.
    public let pipeline: PipelineName
    /// Its number in that pipeline; a draft's among the pipeline's drafts.
    public let number: GenerationNumber
    /// Whether it is a draft: of uncommitted files, or of a commit beside the release branch.
    public let isDraft: Bool

    /// What stands before a draft's number.
    public static let draftPrefix = "draft-"

    /// Names a generation.
    public init(pipeline: PipelineName, number: GenerationNumber, isDraft: Bool = false) {
        self.pipeline = pipeline
        self.number = number
        self.isDraft = isDraft
    }

    /// Reads `PIPE@NUMBER` or `PIPE@draft-NUMBER`.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, let pipeline = PipelineName(parts[0]) else { return nil }
        let isDraft = parts[1].hasPrefix(Self.draftPrefix)
        let digits = isDraft ? parts[1].dropFirst(Self.draftPrefix.count) : parts[1][...]
        guard let value = Int(digits), let number = GenerationNumber(value), String(value) == digits else { return nil }
        self.init(pipeline: pipeline, number: number, isDraft: isDraft)
    }

    /// Its place in tables that order a pipeline's generations: drafts count down from -1.
    public var place: Int64 { isDraft ? -Int64(number.value) : Int64(number.value) }

    /// The generation at a place; nil for a place that none can have.
    public init?(pipeline: PipelineName, place: Int64) {
        guard let number = GenerationNumber(Int(clamping: place.magnitude)) else { return nil }
        self.init(pipeline: pipeline, number: number, isDraft: place < 0)
    }

    /// What comes behind the pipeline's name where that is known: `42`, `draft-3`.
    public var shortName: String { isDraft ? "\(Self.draftPrefix)\(number)" : number.description }

    public var description: String { "\(pipeline)@\(shortName)" }
    public static func < (left: GenerationID, right: GenerationID) -> Bool {
        left.pipeline == right.pipeline ? left.place < right.place : left.pipeline < right.pipeline
    }
}
