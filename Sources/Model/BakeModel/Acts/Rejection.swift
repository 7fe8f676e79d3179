/// An image must not be promoted anywhere any more.
public struct Rejection: RecordedAct {
    public static let kind = "rejection"

    /// The image, whichever generations it is.
    public let image: Digest
    /// The generation that was named.
    public let generation: GenerationID
    /// Why.
    public let reason: String
    /// What was signed, and by whom; nil where nobody signed. Stopping needs no proof.
    public let signed: SignedStatement?

    /// Describes a rejection.
    public init(image: Digest, generation: GenerationID, reason: String, signed: SignedStatement?) {
        self.image = image
        self.generation = generation
        self.reason = reason
        self.signed = signed
    }

    public var subjects: [Subject] { [.image(image)] }

    public var body: JSON {
        .record([
            "image": .string(image.description), "generation": .string(generation.description),
            "reason": .string(reason), "signed": signed?.json,
        ])
    }

    public init?(body: JSON) {
        guard let image = body["image"]?.namedDigest, let generation = body["generation"]?.generation,
            let reason = body["reason"]?.string, let signed = body.optional("signed", SignedStatement.init)
        else { return nil }
        self.init(image: image, generation: generation, reason: reason, signed: signed)
    }
}
