/// Statements were made about an image after its generation was: a promotion's verification summary, a checkpoint of the
/// ledger, or signatures that the bake could not give.
public struct Attestation: RecordedAct {
    public static let kind = "attestation"

    /// The generation whose image it is.
    public let generation: GenerationID
    /// The image.
    public let image: Digest
    /// The bytes of the image's manifest.
    public let imageSize: UInt64
    /// The entry that they are about; nil where they are about the generation itself.
    public let entry: Int64?
    /// The statements.
    public let statements: [StatementFacts]

    /// Describes statements.
    public init(
        generation: GenerationID, image: Digest, imageSize: UInt64, entry: Int64?, statements: [StatementFacts]
    ) {
        self.generation = generation
        self.image = image
        self.imageSize = imageSize
        self.entry = entry
        self.statements = statements
    }

    public var subjects: [Subject] { [.evidence] }

    public var body: JSON {
        .record([
            "generation": .string(generation.description), "image": .string(image.description),
            "image-size": .number(Int64(clamping: imageSize)), "entry": entry.map(JSON.number),
            "statements": .array(statements.map(\.json)),
        ])
    }

    public init?(body: JSON) {
        guard let generation = body["generation"]?.generation, let image = body["image"]?.namedDigest,
            let imageSize = body["image-size"]?.size, let entry = body.optional("entry", \.number),
            let statements = body["statements"]?.all(StatementFacts.init)
        else { return nil }
        self.init(generation: generation, image: image, imageSize: imageSize, entry: entry, statements: statements)
    }
}

/// A key signed in this store for the first time: its public half, for those who ask later.
public struct KeyPublication: RecordedAct {
    public static let kind = "key"

    /// The name that envelopes give the key.
    public let id: String
    /// The 32 bytes of the Ed25519 public key, in base64.
    public let key: String

    /// Describes a key.
    public init(id: String, key: String) {
        self.id = id
        self.key = key
    }

    public var subjects: [Subject] { [.evidence] }
    public var body: JSON { ["id": .string(id), "algorithm": "ed25519", "key": .string(key)] }

    public init?(body: JSON) {
        guard let id = body["id"]?.string, let key = body["key"]?.string else { return nil }
        self.init(id: id, key: key)
    }
}

extension Subject {
    /// What is signed in the store, and by which keys.
    public static let evidence = Subject("evidence")
}
