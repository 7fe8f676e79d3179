/// The images of generations were given up to make room. Their records and their evidence stay for ever.
public struct ImageCollection: RecordedAct {
    public static let kind = "collect"

    /// The generations whose images went.
    public let generations: [GenerationID]
    /// The images that went: whoever decides about one of these must look again.
    public let images: [Digest]
    /// What entries of before name instead: every slot that might have taken one of them meanwhile.
    private let slots: [Slot]

    /// Describes a collection.
    public init(generations: [GenerationID], images: [Digest]) {
        self.init(generations: generations, images: images, slots: [])
    }

    private init(generations: [GenerationID], images: [Digest], slots: [Slot]) {
        self.generations = generations
        self.images = images
        self.slots = slots
    }

    public var subjects: [Subject] {
        Set(generations.map(\.pipeline)).sorted().map(Subject.pipeline) + Set(images).sorted().map(Subject.image)
            + slots.map(Subject.slot)
    }

    public var body: JSON {
        .record([
            "generations": .array(generations.map { .string($0.description) }),
            "images": images.isEmpty ? nil : .array(images.map { .string($0.description) }),
            "slots": slots.isEmpty ? nil : .array(slots.map { .string($0.description) }),
        ])
    }

    public init?(body: JSON) {
        guard let generations = body["generations"]?.all(\.generation),
            let images = (body["images"] ?? []).all(\.namedDigest),
            let slots = (body["slots"] ?? []).all({ $0.string.flatMap { Slot($0) } })
        else { return nil }
        self.init(generations: generations, images: images, slots: slots)
    }
}
