/// A generation was pinned, so that its image is never collected, or given free again.
public struct GenerationPin: RecordedAct {
    public static let kind = "pin"

    /// Which generation.
    public let generation: GenerationID
    /// Whether it is pinned now.
    public let isPinned: Bool
    /// When the pin ends by itself; nil for never.
    public let until: Timestamp?
    /// Why, in the words of who did it.
    public let reason: String?

    /// Describes a pin, or its end.
    public init(generation: GenerationID, isPinned: Bool, until: Timestamp?, reason: String?) {
        self.generation = generation
        self.isPinned = isPinned
        self.until = until
        self.reason = reason
    }

    public var subjects: [Subject] { [.pipeline(generation.pipeline)] }

    public var body: JSON {
        .record([
            "generation": .string(generation.description), "pinned": .bool(isPinned),
            "until": until.map { .string($0.description) }, "reason": reason.map(JSON.string),
        ])
    }

    public init?(body: JSON) {
        guard let generation = body["generation"]?.generation, let isPinned = body["pinned"]?.bool,
            let until = body.optional("until", { $0.string.flatMap { Timestamp($0) } }),
            let reason = body.optional("reason", \.string)
        else { return nil }
        self.init(generation: generation, isPinned: isPinned, until: until, reason: reason)
    }
}
