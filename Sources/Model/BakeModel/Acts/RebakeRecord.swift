/// A generation was baked again, and how that compares: what a gate that asks for reproducibility reads.
public struct RebakeRecord: RecordedAct {
    public static let kind = "rebake"

    /// How an image that was baked again compares with the recorded one.
    public enum Verdict: String, Hashable, Sendable, CaseIterable {
        /// The same bytes.
        case same
        /// The same tars and configuration, compressed by another encoder.
        case sameContent = "same-content"
        /// Other content.
        case differs
    }

    /// The generation.
    public let generation: GenerationID
    /// Its image, as recorded.
    public let image: Digest
    /// The image that came out.
    public let rebaked: Digest
    /// How the two compare.
    public let verdict: Verdict
    /// What baked it again.
    public let builder: [String: String]

    /// Describes a rebake.
    public init(
        generation: GenerationID, image: Digest, rebaked: Digest, verdict: Verdict, builder: [String: String]
    ) {
        self.generation = generation
        self.image = image
        self.rebaked = rebaked
        self.verdict = verdict
        self.builder = builder
    }

    public var subjects: [Subject] { [.pipeline(generation.pipeline)] }

    public var body: JSON {
        [
            "generation": .string(generation.description), "image": .string(image.description),
            "rebaked": .string(rebaked.description), "verdict": .string(verdict.rawValue),
            "builder": .object(builder.mapValues(JSON.string)),
        ]
    }

    public init?(body: JSON) {
        guard let generation = body["generation"]?.generation, let image = body["image"]?.namedDigest,
            let rebaked = body["rebaked"]?.namedDigest,
            let verdict = body["verdict"]?.string.flatMap(Verdict.init),
            let builder = body["builder"]?.members
        else { return nil }
        let words = builder.compactMapValues(\.string)
        guard words.count == builder.count else { return nil }
        self.init(generation: generation, image: image, rebaked: rebaked, verdict: verdict, builder: words)
    }
}
