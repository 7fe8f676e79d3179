import BakeModel
import EnvironmentPromotion
import LedgerDatabase
import LedgerFixtures
import LinuxSystem
import Testing

/// What somebody can make gates believe who changes the tables from which they are answered, and who finds it.
@Suite struct PromotionReplayTests {
    /// Production comes an hour after staging; a test that failed keeps an image out.
    private func history() throws -> TemporaryHistory {
        let history = try TemporaryHistory()
        try history.environments("staging", "production<staging", soak: "1h")
        try history.bake(upTo: 2)
        return history
    }

    private func sqlite(_ history: TemporaryHistory, _ statement: String) throws {
        let run = try CompletedProcess.run("/usr/bin/sqlite3", [history.ledger.path, statement], environment: [])
        #expect(run.ending.succeeded, "\(run.lastErrors)")
    }

    private func fail(_ image: String, _ history: TemporaryHistory, at time: Int64) throws {
        let verdict = VerdictFacts(passed: 0, failed: 1, skipped: 0, digest: Sample.digest("v"))
        let record = TestRecord(
            image: Sample.digest(image), spec: Sample.digest("late"), name: "late.yaml", verdict: verdict)
        _ = try history.ledger.append([record.act], by: Sample.actor, clock: Timestamp(milliseconds: time))
    }

    @Test("promotions that passed their gates, also thawed, past broken glass and rolled back, are borne out")
    func honest() throws {
        let history = try history()
        try history.promote(1, to: "staging", at: 10_000)
        try history.promote(1, at: 3_610_000)
        try history.promote(2, to: "staging", at: 3_620_000)
        try history.promote(2, at: 3_630_000, change: { $0.brokenGlass = "site down" })
        try history.rollback("staging", at: 3_640_000)
        try history.rollback(at: 3_640_000)
        try history.promote(2, to: "staging", thaw: true, at: 3_650_000)
        try history.promote(2, thaw: true, at: 7_260_000)
        #expect(try history.promotion.doubtfulPromotions(by: .none) == [])
    }

    @Test("what builders signed is asked again: whoever moved without that is found")
    func builders() throws {
        let history = try TemporaryHistory()
        let rules = EnvironmentPolicy(name: Sample.environment("production"), require: [.rebaked, .provenance])
        _ = try history.promotion.apply(Policy(environments: [rules]), for: Sample.request())
        try history.bake(upTo: 1)
        let rebake = RebakeRecord(
            generation: Sample.generation("web@1"), image: Sample.digest("image 1"), rebaked: Sample.digest("image 1"),
            verdict: .same, builder: [:])
        try history.generations.record(rebake, by: Sample.actor, clock: Timestamp(milliseconds: 1_000))
        let signed = BuilderProofs(
            statements: { $0.statements },
            provenance: { _, _, _ in ProvenanceProof(key: "ci", explanation: "signed by ci.pub") },
            test: { _, _, _ in true }, rebake: { rebake, place, _ in place.previous == 0 && rebake.verdict == .same },
            isBuilder: { _ in true })
        #expect(throws: PromotionError.self) { try history.promote(1) }
        let entry = try #require(try history.promote(1, change: { $0.proofs = signed }).entry)
        #expect(try history.promotion.doubtfulPromotions(by: signed) == [])
        let found = try history.promotion.doubtfulPromotions(by: .none)
        #expect(found.map(\.entry) == [entry, entry])
        #expect(found.first?.explanation == "rebaked was unmet: same, which no builder signed, entry \(entry - 1)")
        #expect(found.last?.explanation == "provenance was unmet: nobody signed any")
    }

    @Test("what opens a gate must be what its entry says, whatever the tables say")
    func changedRow() throws {
        let history = try history()
        try history.promote(1, to: "staging", at: 3_600_000)
        try sqlite(history, "UPDATE slot_moves SET time = '1970-01-01T00:00:01.000Z' WHERE slot = 'web:staging'")
        #expect(throws: PromotionError.self) { try history.promote(1, at: 3_700_000) }
        // Another image's stay does not serve either.
        let other = try self.history()
        try other.promote(1, to: "staging", at: 10_000)
        let image = Sample.digest("image 2")
        try sqlite(other, "UPDATE slot_moves SET image = '\(image)' WHERE slot = 'web:staging'")
        #expect(throws: PromotionError.self) { try other.promote(2, at: 3_700_000) }
    }

    @Test("an image is as old as its entry says: the promotion stops")
    func changedTime() throws {
        let history = try TemporaryHistory()
        let rules = EnvironmentPolicy(name: Sample.environment("production"), soak: TimeSpan("1h"))
        _ = try history.promotion.apply(Policy(environments: [rules]), for: Sample.request())
        try history.bake(upTo: 1)
        #expect(throws: PromotionError.self) { try history.promote(1, at: 60_000) }
        try sqlite(history, "UPDATE image_births SET entry = 1")
        let error = #expect(throws: LedgerError.self) { try history.promote(1, at: 60_000) }
        #expect(error?.exit == .damaged && error?.subject == "the view slots of the ledger")
        // No backup is needed for what is made of the entries.
        #expect(error?.hint?.hasPrefix("bake fsck --repair") == true)
        try history.ledger.rebuildViews()
        #expect(throws: PromotionError.self) { try history.promote(1, at: 60_000) }
    }

    /// Records that a generation came to production, as whoever can write to the store may without asking a gate.
    private func enter(_ number: Int, _ history: TemporaryHistory, at time: Int64, glass: String? = nil) throws -> Int64
    {
        let record = try #require(try history.generations.find(Sample.generation("web@\(number)"))).record
        let move = SlotMove(
            slot: Sample.slot("web:production"), direction: .promote, from: nil, to: record.id, image: record.image,
            commit: record.commit.id, policy: try history.promotion.policy().digest, gates: [], reason: nil,
            isAutomatic: false, brokenGlass: glass)
        return try history.ledger.append([move.act], by: Sample.actor, clock: Timestamp(milliseconds: time))[0].sequence
    }

    @Test("a move past a failed test that no broken glass tells of is found")
    func missingRow() throws {
        let history = try history()
        try history.promote(1, to: "staging", at: 10_000)
        try fail("image 1", history, at: 20_000)
        #expect(throws: PromotionError.self) { try history.promote(1, at: 3_700_000) }
        let entry = try enter(1, history, at: 3_700_000)
        #expect(try history.ledger.verify().isEmpty)
        let found = try history.promotion.doubtfulPromotions(by: .none)
        #expect(found.map(\.entry) == [entry])
        #expect(found.first?.explanation.hasPrefix("no failed test was unmet: late.yaml failed") == true)
    }

    @Test("no glass is broken past a rejection: who wrote that it was is found")
    func hiddenRejection() throws {
        let history = try history()
        let record = try #require(try history.generations.find(Sample.generation("web@1"))).record
        let rejection = Rejection(image: record.image, generation: record.id, reason: "leaks", signed: nil)
        _ = try history.ledger.append([rejection.act], by: Sample.actor, clock: Timestamp(milliseconds: 10_000))
        #expect(throws: PromotionError.self) { try history.promote(1, at: 20_000, change: { $0.brokenGlass = "down" }) }
        let entry = try enter(1, history, at: 20_000, glass: "down")
        let found = try history.promotion.doubtfulPromotions(by: .none)
        #expect(found.map(\.entry) == [entry] && found.first?.explanation.hasPrefix("it is rejected") == true)
    }

    @Test("a promotion says what it came behind; another commit there, by which its authors were told, is found")
    func changedCommit() throws {
        let history = try history()
        try history.promote(1, to: "staging", at: 10_000)
        let commit = Sample.commit(9)
        try sqlite(history, "UPDATE slot_stack SET commit_id = '\(commit)' WHERE slot = 'web:staging'")
        #expect(throws: LedgerError.self) { try history.promote(2, to: "staging", at: 20_000) }
    }
}
