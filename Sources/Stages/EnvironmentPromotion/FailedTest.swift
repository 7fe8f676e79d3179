import BakeModel
import LedgerDatabase

/// A test that an image failed after it was baked, and that none by the same spec passed since: none at all, or none that one of
/// the policy's builders signed.
public struct FailedTest: Hashable, Sendable {
    /// What was found.
    public let test: TestRecord
    /// The entry that says so.
    public let entry: Int64
    /// When that was.
    public let time: Timestamp
    /// The entry of the same checks that passed since, which no builder signed; nil where none did.
    public let unsignedPass: Int64?

    /// `baseline.yaml 0/1 passed  entry 12`, and what came of it.
    public var text: String {
        "\(test.name) \(test.verdict.text)  entry \(entry)"
            + (unsignedPass.map { " (passed since in entry \($0), which no builder signed)" } ?? "")
    }

    /// What lifts it, as options of `bake test` behind the file.
    public var options: String { unsignedPass == nil ? "" : " --key KEY" }

    /// The test as a record.
    public var json: JSON {
        .record([
            "name": .string(test.name), "spec": .string(test.spec.description), "verdict": test.verdict.json,
            "entry": .number(entry), "time": .string(time.description),
            "passed-unsigned": unsignedPass.map(JSON.number),
        ])
    }

    init(_ failure: PromotionSituation.Recorded<TestRecord>, unsignedPass: Int64?) {
        test = failure.act
        entry = failure.entry
        time = failure.time
        self.unsignedPass = unsignedPass
    }

    /// Whether it keeps the image out of an environment, or would: where only the word of builders counts, theirs alone lifts it.
    public func stands(in environment: EnvironmentName, by policy: Policy) -> Bool {
        unsignedPass == nil || policy.environment(environment)?.require.contains(.provenance) ?? false
    }
}

extension EnvironmentPromotion {
    /// The tests that images fail, by image; none of those that fail none. Of each spec the latest counts, and where an
    /// environment wants the word of builders, the latest that has it, too.
    public func failedTests(of images: Set<Digest>, by proofs: BuilderProofs) throws -> [Digest: [FailedTest]] {
        try ledger.read { transaction in
            let reader = SituationReader(transaction: transaction)
            let basis = try PromotionBasis(in: transaction)
            let wantsProof = basis.policy.environments.contains { $0.require.contains(.provenance) }
            let found = try images.map { image in
                let tests = try reader.tests(of: image)
                guard wantsProof, tests.contains(where: { $0.act.verdict.failed > 0 }) else {
                    return (image, Self.failures(tests, []))
                }
                let parts = try proofs.split(tests, of: basis.store, among: basis.policy.builders)
                return (image, Self.failures(parts.counting, parts.others))
            }
            return Dictionary(uniqueKeysWithValues: found.filter { !$1.isEmpty })
        }
    }

    private static func failures(
        _ counting: [PromotionSituation.Recorded<TestRecord>], _ others: [PromotionSituation.Recorded<TestRecord>]
    ) -> [FailedTest] {
        counting.standingFailures.map { failure in
            let pass = others.last { $0.act.spec == failure.act.spec && $0.entry > failure.entry }
            return FailedTest(failure, unsignedPass: pass?.entry)
        }
    }
}

extension [PromotionSituation.Recorded<TestRecord>] {
    /// Those that failed and were not passed since, the latest of each spec, in their order.
    var standingFailures: Self {
        Dictionary(grouping: self, by: \.act.spec).values.compactMap(\.last)
            .filter { $0.act.verdict.failed > 0 }.sorted { $0.entry < $1.entry }
    }
}
