import BakeModel
import LedgerDatabase
import LedgerFixtures
import LinuxSystem
import Testing

@testable import GenerationLog

@Suite struct GenerationLogTests {
    @Test("by name, by commit, by number, newest first")
    func questions() throws {
        let history = try TemporaryHistory()
        try history.bake(upTo: 12)
        let book = Sample.pipeline("book")
        try history.bake(Sample.passed(1, image: "image 1", of: book))
        let log = history.generations
        #expect(try log.pipelines() == [book, Sample.web])
        // 12 is behind 2 as a number, and before it as text.
        #expect(try log.generations(of: Sample.web, limit: 3).map(\.record.id.number.value) == [12, 11, 10])
        #expect(try log.find(Sample.generation("web@7"))?.record.commit.id == Sample.commit(7))
        #expect(try log.find(Sample.generation("web@13")) == nil)
        #expect(try log.pipelines(having: .first) == [book, Sample.web])
        #expect(try log.pipelines(having: #require(GenerationNumber(12))) == [Sample.web])
        #expect(try log.find(image: Sample.digest("image 1")).map(\.record.id.description) == ["web@1", "book@1"])
    }

    @Test("a name that a table leads to another generation is damage, and not that generation")
    func exchanged() throws {
        let history = try TemporaryHistory()
        try history.bake(upTo: 2)
        let swap = "UPDATE generations SET entry = (SELECT entry FROM generations WHERE number = 2) WHERE number = 1"
        let run = try CompletedProcess.run("/usr/bin/sqlite3", [history.ledger.path, swap], environment: [])
        #expect(run.ending.succeeded, "\(run.lastErrors)")
        let error = #expect(throws: LedgerError.self) { try history.generations.find(Sample.generation("web@1")) }
        #expect(error?.exit == .damaged && error?.reason.contains("made web@2, not web@1") == true)
        #expect(try history.generations.find(Sample.generation("web@2")) != nil)
    }

    @Test("a commit's first digits name all generations that were made from it")
    func commitPrefix() throws {
        let history = try TemporaryHistory()
        try history.bake(upTo: 12)
        let whole = try #require(CommitPrefix(Sample.commit(7).hex))
        #expect(try history.generations.find(Sample.web, commit: whole).map(\.record.id.number.value) == [7])
        let all = try #require(CommitPrefix("0000"))
        #expect(
            try history.generations.find(Sample.web, commit: all).map(\.record.id.number.value)
                == Array((1...12).reversed()))
        let none = try #require(CommitPrefix("0001"))
        #expect(try history.generations.find(Sample.web, commit: none).isEmpty)
    }

    @Test("thousands of generations are given away in order, each once, and only those that were asked for")
    func many() throws {
        let history = try TemporaryHistory()
        try history.bake(upTo: 1)
        let first = try #require(try history.generations.newest(Sample.web)).entry
        let members = try #require(first.act.body.members)
        let acts = (2...2_500).map { number in
            let body = members.merging(["id": .string("web@\(number)")]) { $1 }
            return Act(kind: first.act.kind, subjects: first.act.subjects, body: .object(body))
        }
        let entries = try history.ledger.append(acts, by: Sample.actor, clock: Timestamp(seconds: 1), expecting: [:])
        let numbers = { (after: Int64, through: Int64) in
            try history.generations.compactMap(after: after, through: through) { $0.record.id.number.value }
        }
        #expect(try numbers(0, .max) == Array(1...2_500))
        #expect(try numbers(entries[0].sequence, entries[1_500].sequence) == Array(3...1_502))
    }

    @Test(
        "an entry whose body is not what its kind says is exit 5",
        arguments: ["generation", "build", "move", "policy"])
    func damagedBody(kind: String) throws {
        let history = try TemporaryHistory()
        let act = Act(kind: kind, subjects: [.store], body: ["id": "web@0", "slot": "web:production"])
        _ = try history.withoutViews().append([act], by: Sample.actor, clock: Timestamp(seconds: 1), expecting: [:])
        let fault = #expect(throws: DamagedEntry.self) { try history.generations.compactMap { $0 } }
        #expect(fault?.exit == .damaged)
        #expect(fault?.subject == "entry 1")
        #expect(fault?.reason == "its body is no \(kind)")
    }

    @Test("no question reads a whole table", arguments: GenerationQuery.allCases)
    func plan(query: GenerationQuery) throws {
        // These ask for everything, or for one row of each pipeline.
        let mayScan: Set<String> =
            switch query {
            case .all: ["generations"]
            case .pipelines, .pipelinesHaving: ["sources"]
            case .pins: ["pins"]
            case .collected: ["collected"]
            case .keptImages: ["kept_images"]
            default: []
            }
        for line in try TemporaryHistory().plan(query.rawValue) {
            #expect(!line.hasPrefix("SCAN") || mayScan.contains { line.hasPrefix("SCAN \($0)") }, "\(line)")
            #expect(!line.contains("TEMP B-TREE") || query == .commit, "\(line)")
        }
    }
}
