import BakeModel
import LedgerDatabase

/// A test that an image failed after it was baked, and that none by the same spec passed since.
public struct FailedTest: Hashable, Sendable {
    /// What was found.
    public let test: TestRecord
    /// The entry that says so.
    public let entry: Int64
    /// When that was.
    public let time: Timestamp

    /// `baseline.yaml 0/1 passed  entry 12`.
    public var text: String { "\(test.name) \(test.verdict.text)  entry \(entry)" }

    /// The test as a record.
    public var json: JSON {
        [
            "name": .string(test.name), "spec": .string(test.spec.description), "verdict": test.verdict.json,
            "entry": .number(entry), "time": .string(time.description),
        ]
    }
}

extension EnvironmentPromotion {
    /// The tests that an image fails: of each spec the latest counts.
    public func failedTests(of image: Digest) throws -> [FailedTest] {
        try failedTests(of: [image])[image] ?? []
    }

    /// The tests that images fail, by image; none of those that fail none.
    public func failedTests(of images: Set<Digest>) throws -> [Digest: [FailedTest]] {
        try ledger.read { transaction in
            let reader = SituationReader(transaction: transaction)
            let found = try images.map { image in
                let tests = try reader.tests(of: image)
                return (image, tests.standingFailures.map { FailedTest(test: $0.act, entry: $0.entry, time: $0.time) })
            }
            return Dictionary(uniqueKeysWithValues: found.filter { !$1.isEmpty })
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
