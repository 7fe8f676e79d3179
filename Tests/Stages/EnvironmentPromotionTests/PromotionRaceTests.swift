import BakeModel
import Foundation
import LedgerDatabase
import LedgerFixtures
import Synchronization
import Testing

@testable import EnvironmentPromotion

@Suite struct PromotionRaceTests {
    private let production = Sample.slot("web:production")

    private func history(_ count: Int) throws -> TemporaryHistory {
        let history = try TemporaryHistory()
        try history.environments("production")
        try history.bake(upTo: count)
        return history
    }

    @Test("a slot that moved meanwhile is a lost race, exit 6, and nothing is written")
    func lost() throws {
        let history = try history(3)
        try history.promote(1)
        let error = #expect(throws: LedgerError.self) {
            // Ancestry is asked between the decision and the append.
            try history.promote(2) { _, _ in
                _ = try? history.promote(3)
                return false
            }
        }
        #expect(error == .lostRace(.slot(production)))
        #expect(error?.exit == .lostRace)
        #expect(try history.stack() == [3, 1])
    }

    @Test("what moved elsewhere is no race")
    func unrelated() throws {
        let history = try history(3)
        try history.promote(1)
        let outcome = try history.promote(2) { _, _ in
            _ = try? history.bake(Sample.passed(9, image: "another"))
            return false
        }
        #expect(outcome.entry == (try history.ledger.latest()))
    }

    @Test("a policy that comes into force meanwhile is the one that judges")
    func policy() throws {
        let history = try history(2)
        try history.promote(1)
        let refusal = #expect(throws: PromotionError.self) {
            try history.promote(2) { _, _ in
                try? history.environments("staging", "production<staging")
                return false
            }
        }
        #expect(refusal?.reason == "after staging: never was in staging")
        #expect(try history.stack() == [1])
    }

    @Test("threads that promote to one slot: one wins, the others lost, find nothing to do or come too late")
    func threads() throws {
        let history = try history(8)
        let results = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            let result: String
            do {
                let promotion = EnvironmentPromotion(ledger: try history.reopened())
                let number = thread / 2 + 1
                let found = try history.generations.find(Sample.generation("web@\(number)"))
                let outcome = try promotion.promote(
                    PromotionOrder([found!.record], to: production.environment),
                    history: { _ in CommitHistory(isAncestor: { $0 <= $1 }) }, for: Sample.request())
                result = outcome.isNothingToDo ? "nothing" : "moved"
            } catch LedgerError.lostRace(.slot(production)) {
                result = "lost"
            } catch PromotionError.ancestor {
                result = "older"
            } catch { result = "\(error)" }
            results.withLock { $0.append(result) }
        }
        let counts = results.withLock { Dictionary(grouping: $0, by: \.self).mapValues(\.count) }
        #expect(Set(counts.keys).isSubset(of: ["moved", "nothing", "lost", "older"]), "\(counts)")
        // What was said to have moved is what the slot remembers, once each and only upwards.
        let stack = try history.stack()
        #expect(stack.count == counts["moved"])
        #expect(stack == Set(stack).sorted(by: >))
        #expect(!stack.isEmpty)
    }

    @Test("no question reads a whole table or sorts one", arguments: SlotQuery.allCases)
    func plan(query: SlotQuery) throws {
        for line in try TemporaryHistory().plan(query.rawValue) {
            // One row of each slot lies in the one index, and what is unsettled in the other.
            #expect(
                !line.hasPrefix("SCAN")
                    || ["slot_stack_bottoms", "slot_glass_open"].contains { line.contains("INDEX \($0)") }, "\(line)")
            #expect(!line.contains("TEMP B-TREE"), "\(line)")
        }
    }
}
