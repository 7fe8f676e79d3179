/// Which image of another pipeline a stage started from: an image's ancestry.
public struct BaseFacts: Hashable, Sendable {
    /// The stage.
    public let stage: StageName
    /// What its `from:` says, `base:production`.
    public let asked: String
    /// The generation that this was.
    public let generation: GenerationID
    /// Its image's manifest.
    public let image: Digest

    /// Describes what a stage started from.
    public init(stage: StageName, asked: String, generation: GenerationID, image: Digest) {
        self.stage = stage
        self.asked = asked
        self.generation = generation
        self.image = image
    }
}

extension BaseFacts {
    /// The members.
    public var json: JSON {
        [
            "stage": .string(stage.text), "asked": .string(asked), "generation": .string(generation.description),
            "image": .string(image.description),
        ]
    }

    init?(_ json: JSON) {
        guard let stage = json["stage"]?.string.flatMap({ StageName($0) }), let asked = json["asked"]?.string,
            let generation = json["generation"]?.generation, let image = json["image"]?.namedDigest
        else { return nil }
        self.init(stage: stage, asked: asked, generation: generation, image: image)
    }
}
