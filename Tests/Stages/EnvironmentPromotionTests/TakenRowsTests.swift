import BakeModel
import EnvironmentPromotion
import LedgerDatabase
import LedgerFixtures
import LinuxSystem
import Testing

/// Whoever takes rows away from the views' tables, with one statement, opens no gate: what bars an image is asked of the
/// entries.
@Suite struct TakenRowsTests {
    /// What keeps `web@2` out of production.
    enum Bar: CaseIterable {
        case failedTest, rejection, freeze, newerPolicy, otherRebake, rollback

        var rules: EnvironmentPolicy {
            let name = Sample.environment("production")
            return switch self {
            case .failedTest, .rollback: EnvironmentPolicy(name: name, after: Sample.environment("staging"))
            case .otherRebake: EnvironmentPolicy(name: name, require: [.rebaked])
            default: EnvironmentPolicy(name: name)
            }
        }

        func rise(in history: TemporaryHistory) throws {
            let image = Sample.digest("image 2")
            let web = Sample.generation("web@2")
            switch self {
            case .failedTest:
                let verdict = VerdictFacts(passed: 0, failed: 1, skipped: 0, digest: Sample.digest("v"))
                try append(
                    TestRecord(image: image, spec: Sample.digest("late"), name: "late.yaml", verdict: verdict), history)
            case .rejection: try append(Rejection(image: image, generation: web, reason: "leaks", signed: nil), history)
            case .freeze:
                _ = try history.promotion.setFrozen(true, .slot(Sample.slot("web:production")), for: Sample.request())
            case .newerPolicy:
                let rules = EnvironmentPolicy(name: Sample.environment("production"), soak: TimeSpan("1h"))
                _ = try history.promotion.apply(Policy(environments: [rules]), for: Sample.request())
            case .rollback: try history.rollback("staging")
            case .otherRebake:
                for verdict in [RebakeRecord.Verdict.same, .differs] {
                    let other = Sample.digest(verdict.rawValue)
                    try append(
                        RebakeRecord(generation: web, image: image, rebaked: other, verdict: verdict, builder: [:]),
                        history)
                }
            }
        }

        private func append(_ act: some RecordedAct, _ history: TemporaryHistory) throws {
            _ = try history.ledger.append([act.act], by: Sample.actor, clock: Timestamp(milliseconds: 1_000))
        }
    }

    private func barred(by bar: Bar) throws -> TemporaryHistory {
        let history = try TemporaryHistory()
        let staging = EnvironmentPolicy(name: Sample.environment("staging"))
        _ = try history.promotion.apply(Policy(environments: [staging, bar.rules]), for: Sample.request())
        try history.bake(upTo: 2)
        for number in 1...2 { try history.promote(number, to: "staging") }
        try bar.rise(in: history)
        #expect(throws: PromotionError.self) { try history.promote(2) }
        return history
    }

    private func sqlite(_ history: TemporaryHistory, _ statement: String) throws -> [String] {
        let run = try CompletedProcess.run("/usr/bin/sqlite3", [history.ledger.path, statement], environment: [])
        #expect(run.ending.succeeded, "\(run.lastErrors)")
        return run.text.split(separator: "\n").map(String.init)
    }

    private static let tables = """
        SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('entries', 'heads', 'views')
        """

    @Test("no table that is emptied opens a gate", arguments: Bar.allCases)
    func emptied(bar: Bar) throws {
        let tables = try sqlite(try TemporaryHistory(), Self.tables)
        #expect(tables.contains("slot_moves"))
        for table in tables {
            let history = try barred(by: bar)
            _ = try sqlite(history, "DELETE FROM \(table)")
            #expect(throws: (any Error).self, "\(table)") { try history.promote(2) }
        }
    }

    @Test(
        "an index that is gone, or is another one by that name, makes answers slow and not wrong",
        arguments: Bar.allCases)
    func index(bar: Bar) throws {
        let history = try barred(by: bar)
        _ = try sqlite(history, "DROP INDEX entries_by_subject")
        #expect(throws: PromotionError.self) { try history.promote(2) }
        _ = try sqlite(history, "CREATE INDEX entries_by_subject ON entries (hash) WHERE sequence < 3")
        #expect(throws: PromotionError.self) { try history.promote(2) }
        _ = try history.reopened()
        let made = try sqlite(history, "SELECT sql FROM sqlite_schema WHERE name = 'entries_by_subject'").joined()
        #expect(made.contains("subjects"), "\(made)")
        #expect(throws: PromotionError.self) { try history.promote(2) }
    }
}
