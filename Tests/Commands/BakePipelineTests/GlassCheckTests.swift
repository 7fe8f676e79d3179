import BakeModel
import LedgerFixtures
import Testing

@testable import BakePipeline

/// What the audit says of looks at broken glass that somebody wrote into the ledger himself.
@Suite struct GlassCheckTests {
    private static let production = Sample.slot("web:production")
    private let rule = ApprovalRule(need: 1, by: ["bob"], never: [.author])

    private func check(signer: String?) throws -> GlassCheck {
        let move = SlotMove(
            slot: Self.production, direction: .promote, from: nil, to: Sample.generation("web@1"),
            image: Sample.digest("one"), commit: Sample.commit(1), policy: nil, gates: [], reason: nil,
            isAutomatic: false, brokenGlass: "site down")
        let actor = Actor(claimed: nil, userID: 4711, userName: "ci", machine: "bench").signed(by: signer)
        var check = GlassCheck()
        check.take(
            [move],
            Entry(
                sequence: 7, previous: nil, time: Timestamp(seconds: 7), clock: Timestamp(seconds: 7), actor: actor,
                act: move.act))
        return check
    }

    private func problem(_ check: inout GlassCheck, _ person: String, of entry: Int64 = 7) throws -> String? {
        let target = ActStatement.Target(
            slot: Self.production, generation: Sample.generation("web@1"), image: Sample.digest("one"), verdict: nil)
        let statement = ActStatement(
            action: .review, store: "ours", time: Timestamp(seconds: 8), reason: nil, policy: Policy.empty.digest,
            entry: entry, targets: [target])
        let signed = SignedStatement(statement: statement, signer: person, signature: "")
        let review = try #require(GlassReview(signed, isClosing: true))
        let policy = Policy(environments: [EnvironmentPolicy(name: Self.production.environment, approve: rule)])
        return check.problem(of: review, policy) { _, _ in ["alice": "author of 0000000"] }
    }

    @Test("a look of who broke it, of an author, or at another entry is found; a second person's is not")
    func people() throws {
        var check = try check(signer: "bob")
        #expect(try problem(&check, "bob") == "bob looked at entry 7, and is who broke the glass")
        #expect(try problem(&check, "alice") == "alice looked at entry 7, and is author of 0000000")
        #expect(try problem(&check, "carol", of: 6)?.contains("entry 6, which moved nothing") == true)
        #expect(try problem(&check, "carol") == nil)
    }

    @Test("where nobody knows who broke it, one look settles nothing")
    func unknown() throws {
        var check = try check(signer: nil)
        #expect(try problem(&check, "carol")?.contains("with one person's look") == true)
        #expect(try problem(&check, "carol")?.contains("with one person's look") == true)
        #expect(try problem(&check, "dave") == nil)
    }
}
