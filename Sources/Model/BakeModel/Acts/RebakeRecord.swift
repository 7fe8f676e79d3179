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
    /// What whoever baked it again signed of that; nil where they had no key.
    public let signed: SignedFinding?

    /// Describes a rebake.
    public init(
        generation: GenerationID, image: Digest, rebaked: Digest, verdict: Verdict, builder: [String: String],
        signed: SignedFinding? = nil
    ) {
        self.generation = generation
        self.image = image
        self.rebaked = rebaked
        self.verdict = verdict
        self.builder = builder
        self.signed = signed
    }

    /// The same rebake with what was signed of it.
    public func signed(_ finding: SignedFinding) -> RebakeRecord {
        RebakeRecord(
            generation: generation, image: image, rebaked: rebaked, verdict: verdict, builder: builder, signed: finding)
    }

    public var subjects: [Subject] { [.pipeline(generation.pipeline)] }

    public var body: JSON {
        .record([
            "generation": .string(generation.description), "image": .string(image.description),
            "rebaked": .string(rebaked.description), "verdict": .string(verdict.rawValue),
            "builder": .object(builder.mapValues(JSON.string)), "signed-finding": signed?.json,
        ])
    }

    public init?(body: JSON) {
        guard let generation = body["generation"]?.generation, let image = body["image"]?.namedDigest,
            let rebaked = body["rebaked"]?.namedDigest,
            let verdict = body["verdict"]?.string.flatMap(Verdict.init),
            let builder = body["builder"]?.members, let signed = body.optional("signed-finding", SignedFinding.init)
        else { return nil }
        let words = builder.compactMapValues(\.string)
        guard words.count == builder.count else { return nil }
        self.init(
            generation: generation, image: image, rebaked: rebaked, verdict: verdict, builder: words,
            signed: signed)
    }
}
