import BakeModel
import EnvironmentPromotion
import LedgerFixtures
import Testing

@testable import BakePipeline

/// What the audit says of approvals that a promotion names, which somebody brought past its gate.
@Suite struct ApprovalReplayTests {
    private static let production = Sample.slot("web:production")
    private static let keys = ["A", "B", "C"].map { "AAAAC3NzaC1lZDI1NTE5AAAAI" + String(repeating: $0, count: 43) }
    private let record = Sample.record(Sample.generation("web@1"), commit: 1, image: "one")

    private func policy(_ never: [ApprovalRule.Part]) throws -> Policy {
        let rule = ApprovalRule(need: 1, by: ["alice", "bob"], never: never)
        let names = ["alice,hanako@example.org", "bob,uid:1000", "carol"]
        let lines = zip(names, Self.keys).map { "\($0) ssh-ed25519 \($1)\n" }
        return Policy(
            environments: [EnvironmentPolicy(name: Self.production.environment, approve: rule)],
            signers: try AllowedSigners(lines.joined()))
    }

    private func entry(_ number: Int64, _ act: any RecordedAct, user: UInt32 = 0, signer: String? = nil) -> Entry {
        let actor = Actor(claimed: nil, userID: user, userName: "ci", machine: "bench", signer: signer)
        let time = Timestamp(seconds: number)
        return Entry(sequence: number, previous: nil, time: time, clock: time, actor: actor, act: act.act)
    }

    /// Bob approved in entry 2, and entry 9 names that.
    private func problems(
        _ never: [ApprovalRule.Part] = [], verdict: Digest? = Sample.digest("verdict"), between: [any RecordedAct] = [],
        by user: UInt32 = 0, signer: String? = nil, authors: [String]? = []
    ) throws -> (problems: [String], untold: Int) {
        let policy = try policy(never)
        var replay = ApprovalReplay(
            contributors: { _, commit in authors?.map { Contributor(commit: commit, mail: $0, part: .author) } },
            verdict: { [record] in $0 == record.id ? record.verdict?.digest : nil })
        let target = ActStatement.Target(
            slot: Self.production, generation: record.id, image: record.image, verdict: verdict)
        let statement = ActStatement(
            action: .approve, store: "ours", time: Timestamp(seconds: 2), reason: nil, policy: policy.digest,
            targets: [target])
        let signed = SignedStatement(statement: statement, signer: "bob", signature: "")
        let approval = try #require(Approval(signed))
        replay.take(approval, entry(2, approval))
        for (number, act) in between.enumerated() { try replay.take(entry(3 + Int64(number), act)) }
        let gate = SlotMove.Gate(name: "approve 1", isMet: true, explanation: "1/1  bob (signed)", entries: [2])
        let move = SlotMove(
            slot: Self.production, direction: .promote, from: nil, to: record.id, image: record.image,
            commit: record.commit.id, policy: policy.digest, gates: [gate], reason: nil, isAutomatic: false,
            facts: PromotionFacts(
                store: "ours", fromImage: nil, fromCommit: nil, commits: nil, of: record, isClockKept: nil, program: nil
            )
        )
        let found = try replay.problems(of: move, entry(9, move, user: user, signer: signer), by: policy, since: 0)
        return (found, replay.untold)
    }

    private func test(failed: Int) -> TestRecord {
        TestRecord(
            image: record.image, spec: Sample.digest("late"), name: "late.yaml",
            verdict: VerdictFacts(passed: 1 - failed, failed: failed, skipped: 0, digest: Sample.digest("v")))
    }

    private let lack = "1 approvals were needed, and 0 are proved for web:production"

    @Test("a failed test voids what was signed before, also where it passed since; another verdict was never signed")
    func void() throws {
        #expect(try problems().problems == [])
        #expect(try problems(between: [test(failed: 0)]).problems == [])
        #expect(try problems(between: [test(failed: 1), test(failed: 0)]).problems == [lack])
        #expect(try problems(verdict: Sample.digest("another verdict")).problems == [lack])
        #expect(try problems(verdict: nil).problems == [lack])
    }

    @Test("whom the policy bars is found: promoters, authors, and people of whom it does not say who they are")
    func barred() throws {
        let promoter = "bob approved web:production, and is who promoted it"
        #expect(try problems([.promoter], by: 1000).problems == [promoter, lack])
        #expect(try problems([.promoter], signer: "bob").problems == [promoter, lack])
        #expect(try problems([.promoter], signer: "alice").problems == [])
        let stranger = "nobody could approve web:production: who uid:4711 is, the policy did not say"
        #expect(try problems([.promoter], by: 4711).problems == [stranger])
        #expect(try problems([.author], authors: ["hanako@example.org"]).problems == [])
        let eve = "nobody could approve web:production: who eve@example.org is, the policy did not say"
        #expect(try problems([.author], authors: ["eve@example.org"]).problems == [eve])
    }

    @Test("what the store's commits do not tell is counted, and no fault")
    func untold() throws {
        #expect(try problems([.author], authors: nil) == ([], 1))
        #expect(try problems(authors: nil) == ([], 0))
    }
}
