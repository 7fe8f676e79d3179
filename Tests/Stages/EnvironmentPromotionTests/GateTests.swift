import BakeModel
import EnvironmentPromotion
import LedgerFixtures
import Testing

@Suite struct GateTests {
    private let production = Sample.slot("web:production")

    /// Staging, and a production with rules; generations 1 to 3.
    private func history(_ change: (inout EnvironmentPolicy) throws -> Void) throws -> TemporaryHistory {
        let history = try TemporaryHistory()
        var environment = EnvironmentPolicy(name: production.environment)
        try change(&environment)
        _ = try history.promotion.apply(
            Policy(environments: [EnvironmentPolicy(name: Sample.environment("staging")), environment]),
            for: Sample.request())
        try history.bake(upTo: 3)
        return history
    }

    /// A production that comes an hour after staging.
    private func soaking() throws -> TemporaryHistory {
        try history {
            $0.after = Sample.environment("staging")
            $0.soak = TimeSpan("1h")
        }
    }

    private func test(_ image: String, failed: Int, _ history: TemporaryHistory, at milliseconds: Int64) throws {
        let record = TestRecord(
            image: Sample.digest(image), spec: Sample.digest("late"), name: "late.yaml",
            verdict: VerdictFacts(passed: 3, failed: failed, skipped: 0, digest: Sample.digest("v")))
        _ = try history.ledger.append([record.act], by: Sample.actor, clock: Timestamp(milliseconds: milliseconds))
    }

    private func refusal(_ number: Int, _ history: TemporaryHistory, at time: Int64, reason: String? = nil) -> SlotMove?
    {
        do {
            _ = try history.promote(number, for: Sample.request(at: time, reason: reason, dryRun: true))
            return nil
        } catch PromotionError.refused(let move) { return move } catch {
            Issue.record(error)
            return nil
        }
    }

    @Test(
        "waiting helps where time or others meet what is unmet, and not where the image or the asker's words are what is wrong"
    )
    func waiting() throws {
        let soaking = try soaking()
        try soaking.promote(1, to: "staging", at: 10_000)
        #expect(refusal(1, soaking, at: 20_000)?.canBeMetLater == true)
        let record = try #require(try soaking.generations.find(Sample.generation("web@1"))).record
        _ = try soaking.promotion.reject(record, reason: "leaks", for: Sample.request(at: 20_000))
        #expect(refusal(1, soaking, at: 30_000)?.canBeMetLater == false)

        let history = try history {
            $0.soak = TimeSpan("1h")
            $0.reason = "CHG"
        }
        #expect(refusal(1, history, at: 20_000)?.canBeMetLater == false)
        #expect(refusal(1, history, at: 20_000, reason: "CHG1")?.canBeMetLater == true)
    }

    @Test("soak goes by digest and is not starved by newer builds; a failed test starts it anew")
    func soak() throws {
        let history = try soaking()
        try history.promote(1, to: "staging", at: 10_000)
        try history.promote(2, to: "staging", at: 2_000_000)
        let early = try #require(refusal(1, history, at: 3_609_999))
        #expect(early.gates.map(\.isMet) == [true, false])
        #expect(early.gates[1].opens == Timestamp(milliseconds: 3_610_000))
        #expect(refusal(1, history, at: 3_610_000) == nil)
        try test("image 1", failed: 1, history, at: 3_700_000)
        try test("image 1", failed: 0, history, at: 3_800_000)
        #expect(refusal(1, history, at: 7_299_999)?.gates.last?.opens == Timestamp(milliseconds: 7_300_000))
        #expect(refusal(1, history, at: 7_300_000) == nil)
    }

    @Test("what was rolled back in the environment before has not proved itself there; brought back it begins anew")
    func rolledBackBefore() throws {
        let history = try soaking()
        try history.promote(1, to: "staging", at: 10_000)
        try history.promote(2, to: "staging", at: 20_000)
        try history.rollback("staging", at: 30_000)
        let refused = try #require(refusal(2, history, at: 9_000_000))
        #expect(refused.gates.map(\.isMet) == [false, false])
        #expect(refused.gates[0].explanation.hasPrefix("was rolled back there in entry "))
        #expect(refused.gates[0].command == "bake promote web@2 staging")
        // What it gave way to was the head twice, and nobody took it away.
        #expect(refusal(1, history, at: 3_609_999)?.gates.map(\.isMet) == [true, false])
        #expect(refusal(1, history, at: 3_610_000) == nil)
        try history.promote(2, to: "staging", thaw: true, at: 40_000)
        #expect(refusal(2, history, at: 3_639_999)?.gates.last?.opens == Timestamp(milliseconds: 3_640_000))
        #expect(refusal(2, history, at: 3_640_000) == nil)
    }

    @Test("what is frozen is not opened by a shorter freeze, and a new reason is written down")
    func shorterFreeze() throws {
        let history = try history { _ in }
        let scope = SlotFreeze.Scope.slot(production)
        func freeze(until: Int64?, reason: String?) throws -> Int64? {
            try history.promotion.setFrozen(
                true, scope, until: until.map(Timestamp.init(milliseconds:)),
                for: Sample.request(at: 1_000, reason: reason))
        }
        #expect(try freeze(until: 9_000, reason: nil) != nil)
        #expect(throws: PromotionError.frozenLonger(scope, until: Timestamp(milliseconds: 9_000))) {
            try freeze(until: 8_000, reason: "short")
        }
        #expect(try freeze(until: nil, reason: "incident") != nil)
        #expect(throws: PromotionError.frozenLonger(scope, until: nil)) { try freeze(until: 99_000, reason: nil) }
        #expect(try freeze(until: nil, reason: nil) == nil)
        #expect(try freeze(until: nil, reason: "incident") == nil)
        #expect(try freeze(until: nil, reason: "another") != nil)
    }

    @Test("where no gate is unmet nothing is broken, and why it was to be is the reason")
    func nothingToBreak() throws {
        let history = try history { _ in }
        let move = try history.promote(1, change: { $0.brokenGlass = "site down" }).move
        #expect(move.brokenGlass == nil && move.reason == "site down")
    }

    @Test("without an environment before, soak begins with the bake")
    func soakFromBake() throws {
        let history = try history { $0.soak = TimeSpan("10s") }
        #expect(refusal(1, history, at: 10_999)?.gates.first?.opens == Timestamp(milliseconds: 11_000))
        #expect(refusal(1, history, at: 11_000) == nil)
    }

    @Test("a later failed test of the image closes the way until one of the same spec passes")
    func failedTest() throws {
        let history = try history { $0.after = Sample.environment("staging") }
        try history.promote(1, to: "staging")
        try test("image 1", failed: 2, history, at: 5_000)
        let move = try #require(refusal(1, history, at: 6_000))
        #expect(move.gates.filter { !$0.isMet }.map(\.name) == ["no failed test"])
        #expect(move.gates.last?.command == "bake test web@1 late.yaml")
        try test("image 1", failed: 0, history, at: 7_000)
        #expect(refusal(1, history, at: 8_000) == nil)
    }

    @Test("windows, in their own zone: when it opens is told")
    func windows() throws {
        let history = try history { $0.windows = [try #require(PromotionWindow("Mon-Fri 09:00-17:00 Asia/Tokyo"))] }
        // 2026-11-21 is a Saturday; Monday 09:00 in Tokyo is 00:00 UTC.
        let saturday = try #require(Timestamp("2026-11-21T03:00:00.000Z"))
        let move = try #require(refusal(1, history, at: saturday.milliseconds))
        #expect(move.gates.first?.opens?.description == "2026-11-23T00:00:00.000Z")
        for (time, isOpen) in [
            ("2026-11-22T23:59:59.999Z", false), ("2026-11-23T00:00:00.000Z", true),
            ("2026-11-23T07:59:59.999Z", true), ("2026-11-23T08:00:00.000Z", false),
        ] {
            let time = try #require(Timestamp(time))
            #expect((refusal(1, history, at: time.milliseconds) == nil) == isOpen, "\(time)")
        }
    }

    @Test("reason: RE2, anywhere in it", arguments: [nil, "", "CHG123", "CHG1234567", "see CHG1234567: fix"])
    func reason(text: String?) throws {
        let history = try history { $0.reason = "CHG[0-9]{7}" }
        let isMet = text?.contains("CHG1234567") ?? false
        #expect((refusal(1, history, at: 2_000, reason: text) == nil) == isMet)
    }

    @Test("rebaked: the same bytes or the same content, the latest counts")
    func rebaked() throws {
        let history = try history { $0.require = [.rebaked] }
        #expect(refusal(1, history, at: 2_000)?.gates.first?.command == "bake rebake web@1")
        for verdict in [RebakeRecord.Verdict.same, .sameContent, .differs] {
            let record = RebakeRecord(
                generation: Sample.generation("web@1"), image: Sample.digest("image 1"), rebaked: Sample.digest("x"),
                verdict: verdict, builder: [:])
            try history.generations.record(record, by: Sample.actor, clock: Timestamp(milliseconds: 1_000))
            #expect((refusal(1, history, at: 2_000) == nil) == (verdict != .differs))
        }
    }

    @Test("the operator's checks: asked of this image and this text")
    func spec() throws {
        let document = PolicyDocument(name: "baseline.yaml", text: "file: {}")
        let history = try history { $0.spec = document }
        #expect(refusal(1, history, at: 2_000)?.gates.first?.explanation == "not run on this image yet")
        for (failed, isMet) in [(1, false), (0, true)] {
            let facts = VerdictFacts(passed: 4, failed: failed, skipped: 0, digest: Sample.digest("v"))
            let record = TestRecord(
                image: Sample.digest("image 1"), spec: document.digest, name: document.name, verdict: facts)
            let order: (inout PromotionOrder) -> Void = { $0.unrecorded = [record] }
            let request = Sample.request(at: 2_000, dryRun: true)
            let outcome = try? history.promote(1, for: request, change: order)
            #expect((outcome != nil) == isMet)
        }
    }

    @Test("a rejected image goes nowhere, not even past gates, nor by a rollback; where it stands is known")
    func rejected() throws {
        let history = try history { _ in }
        for number in 1...3 { try history.promote(number) }
        let record = try #require(try history.generations.find(Sample.generation("web@2"))).record
        let entry = try history.promotion.reject(record, reason: "leaks", for: Sample.request())
        #expect(entry != nil)
        #expect(try history.promotion.reject(record, reason: "again", for: Sample.request()) == nil)
        #expect(try history.promotion.rejection(of: record.image)?.reason == "leaks")
        let move = try history.rollback().move
        #expect(move.to == Sample.generation("web@1"), "over the rejected one")
        let error = #expect(throws: PromotionError.self) {
            try history.promote(2, thaw: true, change: { $0.brokenGlass = "now" })
        }
        #expect(error?.reason.hasPrefix("not rejected: rejected in entry") == true)
        #expect(throws: PromotionError.self) { try history.promote(2, to: "staging") }
    }

    @Test("a rollback to a rejected generation by name is refused")
    func rejectedTarget() throws {
        let history = try history { _ in }
        for number in 1...2 { try history.promote(number) }
        let record = try #require(try history.generations.find(Sample.generation("web@1"))).record
        _ = try history.promotion.reject(record, reason: "leaks", for: Sample.request())
        for target in [nil, 1] {
            let error = #expect(throws: PromotionError.self) { try history.rollback(to: target) }
            #expect(error?.exit == .refused)
            #expect(error?.hint == "bring another generation there: bake promote GENERATION production")
        }
        #expect(try history.stack() == [2, 1])
    }

    @Test("what lies below a rejected generation is named, where something does")
    func rejectedTargetWithOthers() throws {
        let history = try history { _ in }
        for number in 1...3 { try history.promote(number) }
        let record = try #require(try history.generations.find(Sample.generation("web@2"))).record
        _ = try history.promotion.reject(record, reason: "leaks", for: Sample.request())
        let error = #expect(throws: PromotionError.self) { try history.rollback(to: 2) }
        #expect(error?.hint == "web@1 is the next one down: bake rollback web:production")
    }

    @Test("a rollback goes over what was collected, and says so where it was asked for")
    func collectedTarget() throws {
        let history = try history { _ in }
        for number in 1...3 { try history.promote(number) }
        let collected = [Sample.generation("web@2"): Int64(9)]
        let error = #expect(throws: PromotionError.self) {
            try history.promotion.rollback(
                production, to: Sample.generation("web@2"), collected: { collected[$1] }, for: Sample.request())
        }
        #expect(error?.hint == "make the same bytes again: bake rebake web@2")
        let outcome = try history.promotion.rollback(production, collected: { collected[$1] }, for: Sample.request())
        #expect(outcome.move.to == Sample.generation("web@1"))
    }

    @Test("freezes of an environment and of everything, and their end")
    func freezes() throws {
        let history = try history { _ in }
        let set = { (scope: SlotFreeze.Scope, isFrozen: Bool, until: Int64?) in
            try history.promotion.setFrozen(
                isFrozen, scope, until: until.map { Timestamp(milliseconds: $0) },
                for: Sample.request(at: 2_000, reason: "year's end"))
        }
        _ = try set(.environment(production.environment), true, 9_000)
        _ = try set(.all, true, nil)
        let move = try #require(refusal(1, history, at: 3_000))
        #expect(move.gates.first?.command == "bake thaw --environment production && bake thaw --all")
        #expect(throws: PromotionError.self) { try history.promote(1, to: "staging", at: 3_000) }
        // --thaw opens the slot, not what others closed.
        #expect(throws: PromotionError.self) { try history.promote(1, thaw: true, at: 3_000) }
        _ = try set(.all, false, nil)
        #expect(refusal(1, history, at: 3_000)?.gates.first?.opens == Timestamp(milliseconds: 9_000))
        #expect(refusal(1, history, at: 9_000) == nil)
        #expect(throws: PromotionError.self) { _ = try set(.all, true, 1_000) }
    }

    @Test("--thaw of what is there already opens the slot")
    func thawHead() throws {
        let history = try history { _ in }
        for number in 1...2 { try history.promote(number) }
        try history.rollback()
        let outcome = try history.promote(1, thaw: true)
        #expect(outcome.isNothingToDo && outcome.entry != nil && outcome.opened == [production])
        #expect(try history.promote(2).entry != nil)
    }
}
