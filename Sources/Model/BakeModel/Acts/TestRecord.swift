/// An image was tested, at any time after it was baked.
public struct TestRecord: RecordedAct {
    public static let kind = "test"

    /// The image.
    public let image: Digest
    /// The digest of the spec.
    public let spec: Digest
    /// What the spec is called.
    public let name: String
    /// What it found.
    public let verdict: VerdictFacts
    /// What whoever tested signed of that; nil where they had no key.
    public let signed: SignedFinding?

    /// Describes a test.
    public init(image: Digest, spec: Digest, name: String, verdict: VerdictFacts, signed: SignedFinding? = nil) {
        self.image = image
        self.spec = spec
        self.name = name
        self.verdict = verdict
        self.signed = signed
    }

    /// The same test with what was signed of it.
    public func signed(_ finding: SignedFinding) -> TestRecord {
        TestRecord(image: image, spec: spec, name: name, verdict: verdict, signed: finding)
    }

    public var subjects: [Subject] { [.image(image)] }

    public var body: JSON {
        .record([
            "image": .string(image.description), "spec": .string(spec.description), "name": .string(name),
            "verdict": verdict.json, "signed-finding": signed?.json,
        ])
    }

    public init?(body: JSON) {
        guard let image = body["image"]?.namedDigest, let spec = body["spec"]?.namedDigest,
            let name = body["name"]?.string, let verdict = body["verdict"].flatMap(VerdictFacts.init),
            let signed = body.optional("signed-finding", SignedFinding.init)
        else { return nil }
        self.init(image: image, spec: spec, name: name, verdict: verdict, signed: signed)
    }
}
