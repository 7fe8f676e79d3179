import BakeModel
import EnvironmentPromotion
import LedgerDatabase
import LedgerFixtures
import Testing

@Suite struct PromotionTests {
    private let production = Sample.slot("web:production")

    @Test("a promotion records what judged it")
    func move() throws {
        let history = try TemporaryHistory()
        try history.environments("production")
        try history.bake(upTo: 2)
        let first = try history.promote(1)
        let second = try history.promote(2, at: 2_000)
        #expect([first.move.from, second.move.from] == [nil, Sample.generation("web@1")])
        let number = try #require(second.entry)
        let entry = try #require(try history.ledger.entries(from: number, limit: 1).first)
        #expect(try SlotMove(entry) == second.move)
        #expect(second.move.policy == (try history.promotion.policy().digest))
        #expect(second.move.image == Sample.digest("image 2"))
        let state = try history.promotion.state(of: production)
        #expect(state.current?.entry == number)
        #expect(state.current?.since.milliseconds == 2_000)
        #expect(try history.promotion.slots() == [state])
    }

    @Test("the same generation again: nothing to do, and no entry")
    func again() throws {
        let history = try TemporaryHistory()
        try history.environments("production")
        try history.bake(upTo: 1)
        try history.promote(1)
        let latest = try history.ledger.latest()
        let again = try history.promote(1)
        #expect(again.isNothingToDo)
        #expect(again.entry == nil)
        #expect(try history.ledger.latest() == latest)
    }

    @Test("a dry run decides everything and writes nothing")
    func dryRun() throws {
        let history = try TemporaryHistory()
        try history.environments("production")
        try history.bake(upTo: 1)
        let latest = try history.ledger.latest()
        let outcome = try history.promote(1, for: Sample.request(dryRun: true))
        #expect(outcome.move.to == Sample.generation("web@1"))
        #expect(outcome.entry == nil && !outcome.isNothingToDo)
        #expect(try history.ledger.latest() == latest)
        #expect(try history.stack() == [])
    }

    @Test("an unknown environment is exit 4, with the name that was meant")
    func unknownEnvironment() throws {
        let history = try TemporaryHistory()
        try history.bake(upTo: 1)
        let before = #expect(throws: PromotionError.self) { try history.promote(1) }
        #expect(before?.hint == "bake env apply FILE")
        try history.environments("staging", "production")
        let after = #expect(throws: PromotionError.self) { try history.promote(1, to: "prodction") }
        #expect(after?.exit == .notFound)
        #expect(after?.hint == "did you mean production?")
        #expect(after?.reason == "the policy names staging, production")
    }

    @Test(
        "an ancestor is refused: by the commits where they are known, else by the numbers",
        arguments: [true, false, nil])
    func ancestor(known: Bool?) throws {
        let history = try TemporaryHistory()
        try history.environments("production")
        try history.bake(upTo: 3)
        try history.promote(1)
        // Known to be no ancestor, or, where nothing is known, of a higher number.
        try history.promote(3, ancestry: { _, _ in known == nil ? nil : false })
        guard known != false else {
            #expect(try history.promote(2, ancestry: { _, _ in false }).entry != nil)
            return
        }
        let skipped = #expect(throws: PromotionError.self) { try history.promote(2, ancestry: { _, _ in known }) }
        #expect(skipped?.exit == .refused)
        #expect(skipped?.reason == "it is older than web@3, which is there")
        // No rollback reaches what never was there; what is newer goes first.
        #expect(
            skipped?.hint
                == "bake rollback web:production takes back what is newer; then bake promote web@2 production")
        let below = #expect(throws: PromotionError.self) { try history.promote(1, ancestry: { _, _ in known }) }
        #expect(below?.hint == "bake rollback web:production web@1")
        #expect(try history.stack() == [3, 1])
    }

    @Test("ancestry is asked about the new commit and the one that is there, in this order")
    func ancestryOrder() throws {
        let history = try TemporaryHistory()
        try history.environments("production")
        try history.bake(upTo: 2)
        try history.promote(1)
        #expect(try history.promote(2, ancestry: { $0 == Sample.commit(1) && $1 == Sample.commit(2) }).entry != nil)
        #expect(throws: PromotionError.self) {
            try history.promote(1, ancestry: { $0 == Sample.commit(1) && $1 == Sample.commit(2) })
        }
    }

    @Test("two generations of one commit: the lower number is older")
    func sameCommit() throws {
        let history = try TemporaryHistory()
        try history.environments("production")
        try history.bake(Sample.passed(1, image: "A"))
        try history.bake(Sample.passed(1, image: "B"))
        try history.promote(1)
        // git calls every commit an ancestor of itself.
        try history.promote(2, ancestry: { _, _ in true })
        #expect(throws: PromotionError.self) { try history.promote(1, ancestry: { _, _ in false }) }
        #expect(try history.stack() == [2, 1])
    }

    @Test("after: the very image must have been head there, at any time")
    func afterGate() throws {
        let history = try TemporaryHistory()
        try history.environments("staging", "production<staging")
        try history.bake(upTo: 2)
        let refusal = #expect(throws: PromotionError.self) { try history.promote(1) }
        #expect(refusal?.exit == .refused)
        #expect(refusal?.reason == "after staging: never was in staging")
        #expect(refusal?.hint == "bake promote web@1 staging")
        try history.promote(1, to: "staging", at: 1_500)
        try history.promote(2, to: "staging", at: 1_600)
        let gates = try history.promote(1, at: 1_700).move.gates
        #expect(gates.map(\.name) == ["after staging"])
        #expect(gates.map(\.isMet) == [true])
        #expect(gates.map(\.explanation) == ["came there 1970-01-01T00:00:01.500Z"])
    }

    @Test("a revert to an image that was in staging needs no second stay there")
    func afterGateByDigest() throws {
        let history = try TemporaryHistory()
        try history.environments("staging", "production<staging")
        for (commit, image) in ["A", "B", "A"].enumerated() {
            try history.bake(Sample.passed(commit + 1, image: image))
        }
        try history.promote(1, to: "staging")
        #expect(throws: PromotionError.self) { try history.promote(2) }
        #expect(try history.promote(3).entry != nil)
    }

    @Test("every unmet gate at once")
    func allGates() throws {
        let history = try TemporaryHistory()
        try history.environments("staging", "production<staging")
        try history.bake(upTo: 1)
        _ = try history.promotion.setFrozen(true, .slot(production), for: Sample.request(reason: "sale"))
        let refusal = #expect(throws: PromotionError.self) { try history.promote(1) }
        #expect(refusal?.reason == "after staging: never was in staging; not frozen: frozen: sale")
    }
}
