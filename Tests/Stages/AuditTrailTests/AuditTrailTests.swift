import BakeModel
import EnvironmentPromotion
import LedgerDatabase
import LedgerFixtures
import Testing

@testable import AuditTrail

@Suite struct AuditTrailTests {
    private let production = Sample.slot("web:production")

    /// 1 at 1000, 2 at 2000, back to 1 at 3000.
    private func history() throws -> TemporaryHistory {
        let history = try TemporaryHistory()
        try history.environments("production")
        try history.bake(upTo: 3)
        try history.promote(1, at: 1_000)
        try history.promote(2, at: 2_000)
        try history.rollback(at: 3_000)
        return history
    }

    @Test(
        "a span begins with its first millisecond and ends before the next one's",
        arguments: zip([999, 1_000, 1_999, 2_000, 2_999, 3_000, 9_000_000_000_000], [nil, 1, 1, 2, 2, 1, 1]))
    func boundaries(milliseconds: Int64, number: Int?) throws {
        let span = try history().audit.span(of: production, at: Timestamp(milliseconds: milliseconds))
        #expect(span?.generation.id.number.value == number)
    }

    @Test("the timeline has no holes, and its last span is open")
    func timeline() throws {
        let spans = try history().audit.timeline(of: production)
        #expect(spans.map(\.since.milliseconds) == [1_000, 2_000, 3_000])
        #expect(spans.map(\.until?.milliseconds) == [2_000, 3_000, nil])
        #expect(spans.map(\.move.direction) == [.promote, .promote, .rollback])
        // Before them: the policy, and generation and build of three bakes.
        #expect(spans.map(\.entry) == [8, 9, 10])
        #expect(spans.map(\.generation.commit.id) == [1, 2, 1].map(Sample.commit))
        #expect(spans.allSatisfy { $0.actor == Sample.actor })
    }

    @Test("several moves in one millisecond: the last is what the slot held")
    func oneMillisecond() throws {
        let history = try TemporaryHistory()
        try history.environments("production")
        try history.bake(upTo: 3)
        for number in 1...3 { try history.promote(number, at: 5_000) }
        #expect(try history.audit.span(of: production, at: Timestamp(milliseconds: 4_999)) == nil)
        let span = try #require(try history.audit.span(of: production, at: Timestamp(milliseconds: 5_000)))
        #expect(span.generation.id == Sample.generation("web@3"))
        let timeline = try history.audit.timeline(of: production)
        #expect(timeline.map(\.until?.milliseconds) == [5_000, 5_000, nil])
    }

    @Test("a clock that jumps back does not: the entries' time counts")
    func clockBack() throws {
        let history = try TemporaryHistory()
        try history.environments("production")
        try history.bake(upTo: 3)
        try history.promote(1, at: 10_000)
        try history.promote(2, at: 4_000)
        try history.promote(3, at: 11_000)
        let spans = try history.audit.timeline(of: production)
        #expect(spans.map(\.since.milliseconds) == [10_000, 10_000, 11_000])
        #expect(try history.audit.span(of: production, at: Timestamp(milliseconds: 4_000)) == nil)
        let at = try history.audit.span(of: production, at: Timestamp(milliseconds: 10_500))
        #expect(at?.generation.id == Sample.generation("web@2"))
        let entry = try #require(try history.ledger.entries(from: spans[1].entry, limit: 1).first)
        #expect(entry.clock.milliseconds == 4_000)
    }

    @Test("everywhere an image and a commit were, in every slot")
    func everywhere() throws {
        let history = try TemporaryHistory()
        try history.environments("staging", "production<staging")
        try history.bake(upTo: 2)
        try history.promote(1, to: "staging", at: 1_000)
        try history.promote(1, to: "production", at: 2_000)
        try history.promote(2, to: "staging", at: 3_000)
        let ofImage = try history.audit.spans(of: Sample.digest("image 1"))
        #expect(ofImage.map(\.slot.description) == ["web:staging", "web:production"])
        #expect(ofImage.map(\.until?.milliseconds) == [3_000, nil])
        #expect(try history.audit.spans(of: Sample.commit(1)) == ofImage)
        #expect(try history.audit.spans(of: Sample.commit(9)).isEmpty)
        #expect(try history.audit.slots().map(\.description) == ["web:production", "web:staging"])
    }

    @Test("a span's record says what was where, from when to when, by whom")
    func record() throws {
        let span = try #require(try history().audit.timeline(of: production).first)
        let json = span.json
        #expect(json["slot"] == "web:production")
        #expect(json["generation"] == "web@1")
        #expect(json["since"] == "1970-01-01T00:00:01.000Z")
        #expect(json["until"] == "1970-01-01T00:00:02.000Z")
        #expect(json["commit"]?["id"] == .string(Sample.commit(1).hex))
        #expect(json["verdict"]?["passed"] == 41)
        #expect(json["actor"] == Sample.actor.json)
    }

    @Test("exported lines are a chain: each names the SHA-256 of the line before")
    func export() throws {
        let history = try history()
        var hash: Digest?
        var count: Int64 = 0
        try history.audit.export { line in
            let json = try JSON(parsing: line)
            count += 1
            #expect(json["seq"] == .number(count))
            #expect(json["prev"]?.string == hash?.description)
            hash = Digest.of(line)
        }
        #expect(count == 11)
        #expect(try history.audit.latest() == 11)
        #expect(try history.audit.verify() == [])
    }

    @Test("a move to a generation that no entry made is a damaged ledger")
    func unknownGeneration() throws {
        let history = try TemporaryHistory()
        let move = SlotMove(
            slot: production, direction: .promote, from: nil, to: Sample.generation("web@9"),
            image: Sample.digest("A"), commit: Sample.commit(1), policy: nil, gates: [], reason: nil,
            isAutomatic: false)
        _ = try history.ledger.append([move.act], by: Sample.actor, clock: Timestamp(seconds: 1), expecting: [:])
        let fault = #expect(throws: LedgerError.self) { try history.audit.timeline(of: production) }
        #expect(fault?.exit == .damaged)
        #expect(fault?.reason == "no entry made web@9")
    }

    /// A generation with a list of packages.
    private func bake(_ number: Int, packages: String?, in history: TemporaryHistory) throws {
        let id = Sample.generation("web@\(number)")
        let plain = Sample.record(id, commit: number, image: "image \(number)")
        let record = GenerationRecord(
            id: id, image: plain.image, imageSize: 500, evidence: plain.evidence, evidenceSize: 600,
            commit: plain.commit, source: plain.source, pipelineFile: plain.pipelineFile, lockFile: nil, spec: nil,
            verdict: nil, builder: plain.builder, packages: packages.map(Sample.digest))
        _ = try history.ledger.append([record.act], by: Sample.actor, clock: Timestamp(seconds: 1), expecting: [:])
    }

    @Test("packages: a span ends when they change, not when a generation comes with the same ones")
    func packages() throws {
        let history = try TemporaryHistory()
        try history.environments("production")
        for (number, list) in [(1, "old"), (2, "old"), (3, nil), (4, "new"), (5, "new")] as [(Int, String?)] {
            try bake(number, packages: list, in: history)
        }
        for number in 1...4 { try history.promote(number, at: Int64(number) * 1_000) }
        try history.rollback(to: 1, at: 5_000)
        let old = try history.audit.packageSpans(of: Sample.digest("old"))
        #expect(old.map(\.since.milliseconds) == [1_000, 5_000])
        #expect(old.map { $0.until?.milliseconds } == [3_000, nil])
        #expect(old.map(\.first.number.value) == [1, 1] && old.map(\.last.number.value) == [2, 1])
        let new = try history.audit.packageSpans(of: Sample.digest("new"))
        #expect(new.map(\.since.milliseconds) == [4_000] && new.map { $0.until?.milliseconds } == [5_000])
        #expect(new.first?.end == old.last?.entry)
        let uses = try history.audit.packageLists()
        #expect(uses.first { $0.list == Sample.digest("old") }?.promoted == 2)
        #expect(uses.first { $0.list == Sample.digest("new") }.map { [$0.generations, $0.promoted] } == [2, 1])
        #expect(try history.ledger.verify().isEmpty)
    }

    @Test("what a slot held last, the oldest first")
    func latest() throws {
        let history = try history()
        #expect(try history.audit.timeline(of: production, limit: 2).map(\.since.milliseconds) == [2_000, 3_000])
    }

    @Test("no question reads a whole table or sorts one", arguments: AuditQuery.allCases)
    func plan(query: AuditQuery) throws {
        for line in try TemporaryHistory().plan(query.rawValue) {
            // One row of each slot lies in this index.
            #expect(!line.hasPrefix("SCAN") || line.contains("INDEX audit_spans_open"), "\(line)")
            #expect(!line.contains("TEMP B-TREE"), "\(line)")
        }
    }

    @Test("a move looks at what its slot holds, not at all that it ever held")
    func ending() throws {
        #expect(
            try TemporaryHistory().plan(AuditView.ending)
                == ["SEARCH audit_spans USING INDEX audit_spans_open (slot=?)"])
    }

    @Test("10,000 moves: every one of them is found at its time")
    func manyMoves() throws {
        let history = try TemporaryHistory(views: [AuditView()])
        let made = (1...2).map { Sample.record(Sample.generation("web@\($0)"), commit: $0, image: "image \($0)").act }
        _ = try history.ledger.append(made, by: Sample.actor, clock: Timestamp(seconds: 1), expecting: [:])
        for round in 0..<10 {
            let moves = (0..<1_000).map { number in
                SlotMove(
                    slot: production, direction: .promote, from: nil, to: Sample.generation("web@\(1 + number % 2)"),
                    image: Sample.digest("image \(1 + number % 2)"), commit: Sample.commit(1 + number % 2), policy: nil,
                    gates: [], reason: nil, isAutomatic: true
                ).act
            }
            _ = try history.ledger.append(
                moves, by: Sample.actor, clock: Timestamp(seconds: Int64(10 + round)), expecting: [:])
        }
        let clock = ContinuousClock()
        let time = try clock.measure {
            for round in 0..<10 {
                let span = try history.audit.span(of: production, at: Timestamp(seconds: Int64(10 + round)))
                #expect(span?.entry == Int64(2 + 1_000 * (round + 1)))
            }
        }
        #expect(time < .seconds(1))
    }
}
