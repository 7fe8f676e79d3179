import BakeModel
import EnvironmentPromotion
import LedgerFixtures
import Testing

@Suite struct RollbackTests {
    private let production = Sample.slot("web:production")
    private let now = Timestamp(seconds: 1)

    /// 40, 41 and 42, one after the other.
    private func history() throws -> TemporaryHistory {
        let history = try TemporaryHistory()
        try history.environments("production")
        try history.bake(upTo: 43)
        for number in 40...42 { try history.promote(number) }
        return history
    }

    private func moves(_ history: TemporaryHistory) throws -> [Int] {
        try history.promotion.history(of: production, limit: 10).map(\.number.value)
    }

    @Test("after 40, 41, 42 and a rollback: the head is 41, ~1 is 40, @{1} is 42")
    func example() throws {
        let history = try history()
        #expect(try history.stack() == [42, 41, 40])
        try history.rollback()
        #expect(try history.stack() == [41, 40])
        #expect(try moves(history) == [41, 42, 41, 40])
    }

    @Test("what a rollback brought back is there since the rollback, and its place is as old as its promotion")
    func latestMove() throws {
        let history = try TemporaryHistory()
        try history.environments("production")
        try history.bake(upTo: 2)
        let first = try history.promote(1, at: 2_000)
        try history.promote(2, at: 3_000)
        let back = try history.rollback(at: 5_000)
        let state = try history.promotion.state(of: production, depth: 1)
        #expect(state.latestMove?.entry == back.entry)
        #expect(state.latestMove?.time == Timestamp(milliseconds: 5_000))
        #expect(state.current?.entry == first.entry && state.current?.since == Timestamp(milliseconds: 2_000))
        #expect(try history.promotion.state(of: Sample.slot("web:staging")).latestMove == nil)
    }

    @Test("twice goes two down, and a third has nowhere to go")
    func twice() throws {
        let history = try history()
        try history.rollback()
        try history.rollback()
        #expect(try history.stack() == [40])
        #expect(try moves(history) == [40, 41, 42, 41, 40])
        let error = #expect(throws: PromotionError.self) { try history.rollback() }
        #expect(error?.exit == .notFound)
        #expect(error?.reason == "nothing lies below web@40")
        #expect(error?.hint == "bring another generation there: bake promote GENERATION production")
    }

    @Test("to a named generation: everything above it goes")
    func named() throws {
        let history = try history()
        let outcome = try history.rollback(to: 40)
        #expect(outcome.move.from == Sample.generation("web@42"))
        #expect(outcome.move.commit == Sample.commit(40))
        #expect(try history.stack() == [40])
        #expect(try moves(history) == [40, 42, 41, 40])
    }

    @Test("not to the head, not to what was never there, not to what was rolled back", arguments: [41, 42, 43])
    func notBelow(number: Int) throws {
        let history = try history()
        try history.rollback()
        let latest = try history.ledger.latest()
        let error = #expect(throws: PromotionError.self) { try history.rollback(to: number) }
        #expect(error?.exit == .notFound)
        #expect(error?.reason == "web@\(number) is not below web@41 in its stack")
        #expect(try history.ledger.latest() == latest)
    }

    @Test("move and freeze are one append, and the move's entry is returned")
    func oneAppend() throws {
        let history = try history()
        let before = try history.ledger.latest()
        let outcome = try history.rollback()
        #expect(outcome.entry == before + 1)
        #expect(try history.kinds(from: before + 1) == ["move", "freeze"])
        #expect(try history.promotion.state(of: production).freezes(at: now).map(\.reason) == ["rolled back from 42"])
    }

    @Test("it freezes: promotions are refused until somebody thaws")
    func frozen() throws {
        let history = try history()
        try history.rollback()
        let refusal = #expect(throws: PromotionError.self) { try history.promote(43) }
        #expect(refusal?.exit == .refused)
        #expect(refusal?.reason == "not frozen: frozen: rolled back from 42")
        #expect(refusal?.hint == "bake thaw web:production")
        #expect(try history.promotion.setFrozen(false, .slot(production), for: Sample.request()) != nil)
        #expect(try history.promote(43).entry != nil)
        #expect(try history.stack() == [43, 41, 40])
    }

    @Test("a promotion that thaws is one append, and the move's entry is returned")
    func thaw() throws {
        let history = try history()
        try history.rollback()
        let before = try history.ledger.latest()
        let outcome = try history.promote(43, thaw: true)
        #expect(outcome.entry == before + 1)
        #expect(try history.kinds(from: before + 1) == ["move", "freeze"])
        #expect(outcome.move.gates.map(\.explanation) == ["frozen: rolled back from 42; thawed by this promotion"])
        #expect(try history.promotion.state(of: production).freezes(at: now).isEmpty)
        // The next one needs no thaw.
        try history.rollback()
        try history.promote(42, thaw: true)
        #expect(try history.stack() == [42, 41, 40])
    }

    @Test("where one generation is there twice, a rollback goes to the upper place")
    func twiceThere() throws {
        let history = try TemporaryHistory()
        try history.environments("production")
        try history.bake(upTo: 3)
        for number in [1, 2, 1, 3] { try history.promote(number, ancestry: { _, _ in false }) }
        try history.rollback(to: 1)
        #expect(try history.stack() == [1, 2, 1])
        // The name of the head means the place below.
        try history.rollback(to: 1)
        #expect(try history.stack() == [1])
    }

    @Test("it needs no policy, not even the environment's")
    func withoutPolicy() throws {
        let history = try history()
        try history.environments("elsewhere")
        #expect(try history.rollback().move.policy == nil)
        #expect(try history.stack() == [41, 40])
    }

    @Test("where it would go to is rejected in that moment: it looks again and goes further down")
    func rejectedMeanwhile() throws {
        let history = try history()
        let record = try #require(try history.generations.find(Sample.generation("web@41"))).record
        var asked = 0
        let outcome = try history.promotion.rollback(
            production,
            collected: { _, _ in
                asked += 1
                if asked == 1 {
                    let other = EnvironmentPromotion(ledger: try history.reopened())
                    _ = try other.reject(record, reason: "leaks", for: Sample.request())
                }
                return nil
            }, for: Sample.request())
        #expect(outcome.move.to == Sample.generation("web@40"))
        #expect(try history.promotion.rollbackTarget(of: production) { _, _ in nil } == nil)
    }

    @Test("the place that a rollback goes to passes over what is rejected or collected")
    func target() throws {
        let history = try history()
        let target = { (gone: Set<String>) in
            try history.promotion.rollbackTarget(of: production) { gone.contains($1.description) ? 1 : nil }
        }
        #expect(try target([]) == Sample.generation("web@41"))
        #expect(try target(["web@41"]) == Sample.generation("web@40"))
        #expect(try target(["web@40", "web@41"]) == nil)
    }

    @Test("a freeze ends by the machine's clock, not by that of an entry from the future")
    func clockAhead() throws {
        let history = try history()
        let until = Timestamp(milliseconds: 60_000)
        _ = try history.promotion.setFrozen(
            true, .slot(production), until: until, for: Sample.request(reason: "sale"))
        try history.bake(Sample.passed(50, image: "ahead"), at: 900_000_000)
        let error = #expect(throws: PromotionError.self) { try history.promote(43, at: 2_000) }
        #expect(error?.reason.hasPrefix("not frozen: frozen until") == true)
        #expect(try history.promote(43, at: 61_000).entry != nil)
    }

    @Test("an empty slot is exit 4; a misspelt one says what was meant")
    func empty() throws {
        let history = try TemporaryHistory()
        try history.environments("production")
        let empty = #expect(throws: PromotionError.self) { try history.rollback() }
        #expect(empty == .emptySlot(production))
        #expect(empty?.exit == .notFound)
        let misspelt = #expect(throws: PromotionError.self) { try history.rollback("producton") }
        #expect(misspelt?.hint == "did you mean production?")
    }

    @Test("freezing twice, thawing twice: one entry each")
    func freezeTwice() throws {
        let history = try TemporaryHistory()
        try history.environments("production")
        let entries = try [true, true, false, false].map {
            try history.promotion.setFrozen($0, .slot(production), for: Sample.request())
        }
        #expect(entries == [2, nil, 3, nil])
        #expect(throws: PromotionError.self) {
            try history.promotion.setFrozen(true, .slot(Sample.slot("web:nowhere")), for: Sample.request())
        }
    }
}
