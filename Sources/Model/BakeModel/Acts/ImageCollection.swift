/// The images of generations were given up to make room. Their records and their evidence stay for ever.
public struct ImageCollection: RecordedAct {
    public static let kind = "collect"

    /// The generations whose images went.
    public let generations: [GenerationID]
    /// The slots that might have taken one of them meanwhile: whoever decides about one of these must look again.
    public let slots: [Slot]

    /// Describes a collection.
    public init(generations: [GenerationID], slots: [Slot]) {
        self.generations = generations
        self.slots = slots
    }

    public var subjects: [Subject] {
        Set(generations.map(\.pipeline)).sorted().map(Subject.pipeline) + slots.map(Subject.slot)
    }

    public var body: JSON {
        [
            "generations": .array(generations.map { .string($0.description) }),
            "slots": .array(slots.map { .string($0.description) }),
        ]
    }

    public init?(body: JSON) {
        guard let generations = body["generations"]?.all(\.generation),
            let slots = body["slots"]?.all({ $0.string.flatMap { Slot($0) } })
        else { return nil }
        self.init(generations: generations, slots: slots)
    }
}
