import BakeModel

/// What a spec found: in-toto attestation framework, `test-result` v0.1.
public struct TestResult: Sendable {
    private let record: GenerationRecord
    private let facts: VerdictFacts
    private let verdict: Verdict

    /// The URI of the kind of claim.
    public static let predicateType = "https://in-toto.io/attestation/test-result/v0.1"

    /// Describes a verdict about the image of a generation.
    public init(of record: GenerationRecord, _ facts: VerdictFacts, _ verdict: Verdict) {
        self.record = record
        self.facts = facts
        self.verdict = verdict
    }

    /// The claim about the image.
    public var statement: InTotoStatement {
        let names = { (isWanted: (Verdict.Outcome) -> Bool) in
            JSON.array(verdict.checks.filter { isWanted($0.outcome) }.map { .string(Self.name($0)) })
        }
        return InTotoStatement(
            about: record, Self.predicateType,
            [
                "result": verdict.isPass ? "PASSED" : "FAILED",
                "configuration": .array(
                    (record.spec.map { [EvidenceName.resource("spec", $0)] } ?? [])
                        + [EvidenceName.resource("verdict.json", facts.digest)]),
                "passedTests": names { $0 == .passed },
                "warnedTests": names { if case .skipped = $0 { true } else { false } },
                "failedTests": names { outcome in
                    switch outcome {
                    case .failed, .error: true
                    default: false
                    }
                },
            ])
    }

    private static func name(_ check: Verdict.Check) -> String { "\(check.resource) \(check.id) \(check.property)" }
}
