/// What a person writes to name an image, in every command the same: `web@42`, `production~1`, `book@3:/book.pdf`.
///
/// A value is well-formed text, not yet looked up: whether it exists, and which pipeline a bare `42` or `production`
/// means, only a store can say.
public struct Reference: Hashable, Sendable, CustomStringConvertible {
    /// Which image.
    public let base: Base
    /// A path in it; nil for the whole image.
    public let path: TreePath?

    /// Which image is meant.
    public enum Base: Hashable, Sendable {
        /// The image with this manifest digest.
        case digest(Digest)
        /// The one generation's image whose digest begins so.
        case digestPrefix(DigestPrefix)
        /// `web@42`.
        case generation(GenerationID)
        /// `web@git-1a2b3c4`: the newest generation of that commit.
        case commit(PipelineName, CommitPrefix)
        /// `42`, of the one pipeline that fits.
        case number(GenerationNumber)
        /// `web` or `production`: the newest generation of a pipeline, or an environment of the one pipeline that fits.
        case name(SharedName)
        /// `web:production` with a moment.
        case slot(Slot, SlotMoment)
        /// `production~1` or `production@{…}`, of the one pipeline that fits.
        case environment(EnvironmentName, SlotMoment)
    }

    /// Describes a reference.
    public init(base: Base, path: TreePath? = nil) {
        self.base = base
        self.path = path
    }

    /// The text that reads back to the same reference, on any day and in any time zone.
    public var description: String { base.description + (path.map { ":/\($0)" } ?? "") }
}

extension Reference.Base: CustomStringConvertible {
    public var description: String {
        switch self {
        case .digest(let digest): digest.description
        case .digestPrefix(let prefix): prefix.description
        case .generation(let generation): generation.description
        case .commit(let pipeline, let commit): "\(pipeline)@git-\(commit.hex)"
        case .number(let number): number.description
        case .name(let name): name.text
        case .slot(let slot, let moment): "\(slot)\(moment)"
        case .environment(let environment, let moment): "\(environment)\(moment)"
        }
    }
}

/// Which of the generations that a slot held is meant.
public enum SlotMoment: Hashable, Sendable, CustomStringConvertible {
    /// What it holds.
    case now
    /// `~N`: so many steps down its stack, where rollbacks would go.
    case below(Int)
    /// `@{N}`: what it held before its last N moves.
    case beforeMoves(Int)
    /// `@{TIME}`: what it held at this time.
    case at(ZonedTime)

    public var description: String {
        switch self {
        case .now: ""
        case .below(let steps): "~\(steps)"
        case .beforeMoves(let moves): "@{\(moves)}"
        case .at(let time): "@{\(time)}"
        }
    }
}

/// A name that may be a pipeline's or an environment's: the two share one namespace.
public struct SharedName: GivenName {
    /// The pipeline of that name.
    public let pipeline: PipelineName
    /// The environment of that name.
    public let environment: EnvironmentName

    public init?(_ text: some StringProtocol) {
        guard let pipeline = PipelineName(text), let environment = EnvironmentName(text) else { return nil }
        self.pipeline = pipeline
        self.environment = environment
    }

    public var text: String { pipeline.text }
}

/// The first digits of a commit's name, 4 to 40 of them.
public struct CommitPrefix: Hashable, Sendable, CustomStringConvertible {
    /// The digits.
    public let hex: String

    /// Reads lower-case hexadecimal digits; nil for every other spelling.
    public init?(_ hex: some StringProtocol) {
        guard (4...40).contains(hex.utf8.count), hex.utf8.allSatisfy(Hexadecimal.isDigit) else { return nil }
        self.hex = String(hex)
    }

    /// Whether a commit's name begins so.
    public func matches(_ commit: CommitID) -> Bool { commit.hex.hasPrefix(hex) }

    public var description: String { hex }
}
