import BakeModel
import EnvironmentPromotion
import LedgerDatabase
import LedgerFixtures
import Testing

/// A machine whose clock was ahead wrote to the ledger, and somebody recorded that.
@Suite struct ClockCorrectionTests {
    private let production = Sample.slot("web:production")
    /// What the wrong clock said: a year ahead.
    private let wrong: Int64 = 31_536_000_000

    /// Generation 1 in staging since 10 s, 2 since a year ahead; production wants an hour of soak.
    private func history() throws -> TemporaryHistory {
        let history = try TemporaryHistory()
        try history.environments("staging", "production<staging", soak: "1h")
        try history.bake(upTo: 2)
        try history.promote(1, to: "staging", at: 10_000)
        try history.promote(2, to: "staging", at: wrong)
        return history
    }

    private func opening(of number: Int, _ history: TemporaryHistory, at time: Int64) throws -> Timestamp? {
        do {
            _ = try history.promote(number, for: Sample.request(at: time, dryRun: true))
            return nil
        } catch PromotionError.refused(let move) { return move.gates.first { !$0.isMet }?.opens }
    }

    @Test("before it gates wait for the time that the wrong clock said; after it they go by the right one")
    func remedy() throws {
        let history = try history()
        #expect(throws: PromotionError.self) {
            try history.promote(1, for: Sample.request(at: 4_000_000, dryRun: true))
        }
        let done = try history.promotion.correctClock(reason: "a board battery", for: Sample.request(at: 4_000_000))
        let entry = try #require(done?.entry)
        #expect(done?.correction.first == entry - 1)
        #expect(done?.correction.ahead == Timestamp(milliseconds: wrong))
        #expect(try history.ledger.entries(from: entry, limit: 1).first?.time == Timestamp(milliseconds: 4_000_000))
        #expect(try opening(of: 1, history, at: 4_000_001) == nil, "its soak began at 10 s")
        // When it really came to staging nobody knows: not after the correction.
        #expect(try opening(of: 2, history, at: 4_000_001) == Timestamp(milliseconds: 7_600_000))
        #expect(try opening(of: 2, history, at: 7_600_000) == nil)
        #expect(try history.ledger.verify().isEmpty)
    }

    @Test("the audit says what a slot has now, and that one span's time is not known")
    func audit() throws {
        let history = try history()
        _ = try history.promotion.correctClock(reason: "a board battery", for: Sample.request(at: 4_000_000))
        let spans = try history.audit.timeline(of: Sample.slot("web:staging"))
        #expect(spans.map(\.since.milliseconds) == [10_000, 4_000_000])
        #expect(spans.map(\.wrongTime) == [nil, Timestamp(milliseconds: wrong)])
        #expect(spans.map { $0.until?.milliseconds } == [4_000_000, nil])
        let now = try history.audit.span(of: Sample.slot("web:staging"), at: Timestamp(milliseconds: 4_000_000))
        #expect(now?.move.to.number.description == "2")
        // The views are the same when they are made anew.
        #expect(try history.ledger.verify().isEmpty)
    }

    @Test("acts under a clock that was ahead are told as done before the correction, all others at their own time")
    func acts() throws {
        let history = try history()
        _ = try history.promotion.correctClock(reason: "a board battery", for: Sample.request(at: 4_000_000))
        let acts = try history.audit.acts(by: nil, limit: 3)
        #expect(acts.map(\.act.kind) == ["clock", "move", "move"])
        #expect(try acts.map { try history.promotion.time(of: $0).milliseconds } == [4_000_000, 4_000_000, 10_000])
        // Sample.actor is the user 1000, by whatever name.
        #expect(try history.audit.acts(by: "uid:1000", limit: 3) == acts)
        #expect(try history.audit.acts(by: "uid:1001", limit: 3).isEmpty)
    }

    @Test("nothing is written where no entry is ahead, for a dry run, and by a clock from before the store was made")
    func nothing() throws {
        let history = try history()
        let kinds = try history.kinds()
        #expect(try history.promotion.correctClock(reason: "none", for: Sample.request(at: wrong)) == nil)
        let dry = try history.promotion.correctClock(
            reason: "a look", for: Sample.request(at: 4_000_000, dryRun: true))
        #expect(dry != nil && dry?.entry == nil)
        #expect(throws: ClockError.self) {
            try history.promotion.correctClock(reason: "no", for: Sample.request(at: 0))
        }
        #expect(try history.kinds() == kinds)
    }

    @Test("a time that goes back without a correction is a finding; so is a correction's that is not its clock's")
    func findings() throws {
        let history = try history()
        let lines = try history.ledger.entries(from: 1, limit: 100)
        let last = try #require(lines.last)
        let act = Act(kind: "freeze", subjects: [], body: .record([:]))
        let clock = Timestamp(milliseconds: 5)
        #expect(act.time(clock: clock, after: last.time) == last.time)
        let correction = ClockCorrection(first: 2, ahead: last.time, reason: "", signed: nil).act
        #expect(correction.time(clock: clock, after: last.time) == clock)
    }
}
