import BakeModel
import EnvironmentPromotion
import LedgerFixtures
import Testing

@Suite struct JointMoveTests {
    private let worker = Sample.pipeline("worker")

    private func history() throws -> TemporaryHistory {
        let history = try TemporaryHistory()
        try history.environments("production")
        for number in 1...2 {
            try history.bake(Sample.passed(number, image: "web \(number)"))
            try history.bake(Sample.passed(number, image: "worker \(number)", of: worker, source: "/srv/worker.git"))
        }
        return history
    }

    private func promote(_ names: [String], _ history: TemporaryHistory) throws -> EnvironmentPromotion.Outcome {
        let records = try names.map { try #require(try history.generations.find(Sample.generation($0))).record }
        return try history.promotion.promote(
            PromotionOrder(records, to: Sample.environment("production")),
            history: { _ in CommitHistory(isAncestor: { $0 <= $1 }) }, for: Sample.request())
    }

    private func heads(_ history: TemporaryHistory) throws -> [String?] {
        try ["web", "worker"].map {
            try history.promotion.state(of: Sample.slot("\($0):production")).current?.generation.description
        }
    }

    @Test("several move by one entry and come back by one; the timeline knows both")
    func together() throws {
        let history = try history()
        _ = try promote(["web@1", "worker@1"], history)
        let before = try history.ledger.latest()
        let outcome = try promote(["web@2", "worker@2"], history)
        #expect(try history.kinds(from: before + 1) == ["joint-move"])
        #expect(outcome.moves.map(\.to.description) == ["web@2", "worker@2"])
        #expect(try heads(history) == ["web@2", "worker@2"])
        let back = try history.promotion.rollback(Sample.slot("worker:production"), for: Sample.request())
        #expect(back.moves.map(\.slot.description) == ["worker:production", "web:production"])
        #expect(try history.kinds(from: before + 2) == ["joint-move", "freeze", "freeze"])
        #expect(try heads(history) == ["web@1", "worker@1"])
        #expect(
            try history.audit.timeline(of: Sample.slot("worker:production")).map(\.generation.id.description)
                == ["worker@1", "worker@2", "worker@1"])
        #expect(try history.ledger.verify().isEmpty)
    }

    @Test("one that may not keeps all back")
    func none() throws {
        let history = try history()
        _ = try history.promotion.setFrozen(
            true, .slot(Sample.slot("worker:production")), for: Sample.request(reason: "sale"))
        let latest = try history.ledger.latest()
        let error = #expect(throws: PromotionError.self) { try promote(["web@1", "worker@1"], history) }
        #expect(error?.subject == "worker@1 to worker:production")
        var held: [String] = []
        if case .several(_, let moves) = error { held = moves.map(\.to.description) }
        #expect(held == ["web@1"])
        #expect(try history.ledger.latest() == latest)
        #expect(try heads(history) == [nil, nil])
        #expect(throws: PromotionError.samePipeline(Sample.web)) { try promote(["web@1", "web@2"], history) }
    }

    @Test("where what came with it cannot go back, the refusal says how it goes back alone")
    func barred() throws {
        let history = try history()
        _ = try promote(["web@1", "worker@1"], history)
        _ = try promote(["web@2", "worker@2"], history)
        let worker = try #require(try history.generations.find(Sample.generation("worker@1"))).record
        _ = try history.promotion.reject(worker, reason: "leaks", for: Sample.request())
        let web = Sample.slot("web:production")
        let error = #expect(throws: PromotionError.self) {
            try history.promotion.rollback(web, for: Sample.request())
        }
        #expect(error?.reason.hasPrefix("worker:production came with it and cannot go back: worker@1 was rej") == true)
        #expect(error?.hint == "this slot alone: bake rollback web:production web@1")
        #expect(error?.exit == .refused)
        _ = try history.promotion.rollback(web, to: Sample.generation("web@1"), for: Sample.request())
        #expect(try heads(history) == ["web@1", "worker@2"])
    }

    @Test("what came with it and stays is named, and why")
    func staying() throws {
        let history = try history()
        let (web, worker) = (Sample.slot("web:production"), Sample.slot("worker:production"))
        _ = try promote(["web@1"], history)
        _ = try promote(["web@2", "worker@1"], history)
        let below = try history.promotion.rollback(web, for: Sample.request())
        #expect(below.staying.map(\.slot) == [worker])
        #expect(below.staying.map(\.reason) == ["nothing lies below worker@1"])
        let other = try self.history()
        _ = try promote(["web@1", "worker@1"], other)
        _ = try promote(["web@2", "worker@2"], other)
        let named = try other.promotion.rollback(worker, to: Sample.generation("worker@1"), for: Sample.request())
        #expect(named.staying.map(\.generation) == [Sample.generation("web@2")])
        #expect(named.staying.first?.reason.hasPrefix("a generation was named") == true)
        let moved = try other.promotion.rollback(web, for: Sample.request())
        #expect(moved.staying.map(\.reason) == ["it moved since"])
        #expect(try heads(other) == ["web@1", "worker@1"])
    }

    @Test("what moved on alone is not pulled back")
    func apart() throws {
        let history = try history()
        _ = try promote(["web@1", "worker@1"], history)
        _ = try promote(["web@2"], history)
        _ = try history.promotion.rollback(Sample.slot("web:production"), for: Sample.request())
        #expect(try heads(history) == ["web@1", "worker@1"])
    }
}
