import BakeModel
import EnvironmentPromotion
import LedgerDatabase
import LedgerFixtures
import Testing

@Suite struct PolicyApplicationTests {
    private let policy = Policy(environments: [EnvironmentPolicy(name: Sample.environment("production"))])

    @Test("the same policy twice is one entry; an earlier one may come back")
    func twice() throws {
        let history = try TemporaryHistory()
        let other = Policy(environments: [EnvironmentPolicy(name: Sample.environment("staging"))])
        let entries = try [policy, policy, other, policy].map {
            try history.promotion.apply($0, for: Sample.request())
        }
        #expect(entries == [1, nil, 2, 3])
        #expect(try history.promotion.policy() == policy)
    }

    @Test("even the empty policy is recorded, and a dry run records none")
    func empty() throws {
        let history = try TemporaryHistory()
        #expect(try history.promotion.policy() == .empty)
        #expect(try history.promotion.apply(policy, for: Sample.request(dryRun: true)) == nil)
        #expect(try history.ledger.latest() == 0)
        #expect(try history.promotion.apply(.empty, for: Sample.request()) == 1)
    }

    @Test("a policy whose digest is another's is a damaged entry")
    func digest() throws {
        let history = try TemporaryHistory()
        let act = Act(
            kind: "policy", subjects: [.policy],
            body: ["policy": policy.json, "digest": .string(Policy.empty.digest.description)])
        let fault = #expect(throws: DamagedEntry.self) {
            try history.ledger.append([act], by: Sample.actor, clock: Timestamp(seconds: 1), expecting: [:])
        }
        #expect(fault?.exit == .damaged)
        // A view that cannot read an entry takes the append with it.
        #expect(try history.ledger.latest() == 0)
    }
}
