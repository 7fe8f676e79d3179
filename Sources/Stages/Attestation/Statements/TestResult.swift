import BakeModel

/// What a spec found: in-toto attestation framework, `test-result` v0.1.
public struct TestResult: Sendable {
    private let name: GenerationID
    private let image: Digest
    private let spec: Digest?
    private let document: Digest
    private let verdict: Verdict
    /// Where it was found; nil for the verdict of the bake, which the generation's record names.
    private let place: FindingPlace?

    /// The URI of the kind of claim.
    public static let predicateType = "https://in-toto.io/attestation/test-result/v0.1"
    private static let placeKey = "urn:bake:place"

    /// Describes a verdict about the image of a generation.
    public init(of record: GenerationRecord, _ facts: VerdictFacts, _ verdict: Verdict) {
        name = record.id
        image = record.image
        spec = record.spec
        document = facts.digest
        self.verdict = verdict
        place = nil
    }

    /// Describes what a test found at a later time.
    /// - Parameter name: a generation whose image it is.
    public init(of test: TestRecord, _ verdict: Verdict, named name: GenerationID, at place: FindingPlace) {
        self.name = name
        image = test.image
        spec = test.spec
        document = test.verdict.digest
        self.verdict = verdict
        self.place = place
    }

    /// The claim about the image.
    public var statement: InTotoStatement {
        let names = { (isWanted: (Verdict.Outcome) -> Bool) in
            JSON.array(verdict.checks.filter { isWanted($0.outcome) }.map { .string(Self.name($0)) })
        }
        return InTotoStatement(
            about: (name, image), Self.predicateType,
            .record([
                "result": Self.result(verdict.isPass), "configuration": Self.configuration(spec, document),
                "passedTests": names { $0 == .passed },
                "warnedTests": names { if case .skipped = $0 { true } else { false } },
                "failedTests": names { outcome in
                    switch outcome {
                    case .failed, .error: true
                    default: false
                    }
                },
                Self.placeKey: place.map(EvidenceName.place),
            ]))
    }

    /// Whether a statement says what the bake of a generation found, and nothing else.
    public static func tells(_ statement: InTotoStatement, of record: GenerationRecord) -> Bool {
        guard let facts = record.verdict else { return false }
        return tells(statement, record.image, record.spec, facts, at: nil)
    }

    /// Whether a statement says what a later test found, and nothing else, nor anywhere else.
    public static func tells(_ statement: InTotoStatement, of test: TestRecord, at place: FindingPlace) -> Bool {
        tells(statement, test.image, test.spec, test.verdict, at: place)
    }

    private static func tells(
        _ statement: InTotoStatement, _ image: Digest, _ spec: Digest?, _ facts: VerdictFacts, at place: FindingPlace?
    ) -> Bool {
        let predicate = statement.predicate
        return statement.predicateType == predicateType && statement.subject.digest == image
            && predicate["result"] == result(facts.failed == 0)
            && predicate["configuration"] == configuration(spec, facts.digest)
            && predicate[placeKey] == place.map(EvidenceName.place)
    }

    private static func result(_ isPass: Bool) -> JSON { isPass ? "PASSED" : "FAILED" }

    private static func configuration(_ spec: Digest?, _ document: Digest) -> JSON {
        .array(
            (spec.map { [EvidenceName.resource("spec", $0)] } ?? [])
                + [EvidenceName.resource("verdict.json", document)])
    }

    private static func name(_ check: Verdict.Check) -> String { "\(check.resource) \(check.id) \(check.property)" }
}
