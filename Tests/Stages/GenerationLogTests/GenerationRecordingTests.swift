import BakeModel
import Foundation
import GenerationLog
import LedgerDatabase
import LedgerFixtures
import Synchronization
import Testing

@Suite struct GenerationRecordingTests {
    @Test("the same image and spec stand; another image or another spec is a new generation")
    func standsOrMade() throws {
        let history = try TemporaryHistory()
        let bakes: [(image: String, spec: String?)] = [
            ("A", "s"), ("A", "s"), ("A", "t"), ("A", nil), ("A", nil), ("B", nil), ("A", nil),
        ]
        let results = try bakes.enumerated().map { commit, bake in
            let result = try history.bake(Sample.passed(commit, image: bake.image, spec: bake.spec))
            return "\(result.outcome) \(result.generation.id)"
        }
        #expect(
            results == [
                "made web@1", "stands web@1", "made web@2", "made web@3", "stands web@3", "made web@4", "made web@5",
            ])
    }

    @Test("A, then B, then A again makes a third; the image is found under both numbers")
    func revert() throws {
        let history = try TemporaryHistory()
        for (commit, image) in ["A", "B", "A"].enumerated() { try history.bake(Sample.passed(commit, image: image)) }
        #expect(try history.generations.newest(Sample.web)?.record.id.number.value == 3)
        let found = try history.generations.find(image: Sample.digest("A"))
        #expect(found.map(\.record.id.description) == ["web@1", "web@3"])
    }

    @Test("generation and build are one append, the build last and its entry returned")
    func entries() throws {
        let history = try TemporaryHistory()
        let made = try history.bake(Sample.passed(1, image: "A"))
        let stands = try history.bake(Sample.passed(2, image: "A"))
        #expect(try history.kinds() == ["generation", "build", "build"])
        #expect([made.entry, stands.entry] == [2, 3])
        let builds = try history.generations.builds(of: Sample.web, limit: 10)
        #expect(builds.map(\.record.outcome) == [.stands, .made])
        #expect(builds.map(\.record.generation) == Array(repeating: Sample.generation("web@1"), count: 2))
        #expect(builds.map(\.record.commit.id) == [Sample.commit(2), Sample.commit(1)])
        // The generation keeps the commit it was made from first.
        #expect(stands.generation.commit.id == Sample.commit(1))
    }

    @Test("failed bakes and drafts are numbered entries and make no generation")
    func unnumbered() throws {
        let history = try TemporaryHistory()
        let failed = Sample.build(1, image: nil, outcome: .failed)
        let draft = Sample.build(2, image: "A", outcome: .draft)
        let entries = try [failed, draft].map {
            try history.generations.record(unnumbered: $0, by: Sample.actor, clock: Timestamp(seconds: 1))
        }
        #expect(entries == [1, 2])
        #expect(try history.generations.newest(Sample.web) == nil)
        #expect(try history.generations.builds(of: Sample.web, limit: 10).map(\.record) == [draft, failed])
        #expect(try history.bake(Sample.passed(3, image: "A")).generation.id == Sample.generation("web@1"))
    }

    @Test("a name belongs to the repository that baked it first, even where that bake failed")
    func sourceConflict() throws {
        let history = try TemporaryHistory()
        let ours = Sample.build(1, image: nil, outcome: .failed)
        try history.generations.record(unnumbered: ours, by: Sample.actor, clock: Timestamp(seconds: 1))
        let theirs = Sample.passed(2, image: "A", source: "/home/eve/web.git")
        let conflict = #expect(throws: SourceConflict.self) { try history.bake(theirs) }
        #expect(conflict?.exit == .refused)
        #expect(
            conflict?.reason == """
                that name belongs to /srv/web.git, and this commit comes from /home/eve/web.git
                registered by the first bake, of tester (uid 1000), 1970-01-01T00:00:01.000Z, entry 1
                """)
        #expect(throws: SourceConflict.self) {
            try history.generations.record(unnumbered: theirs.build, by: Sample.actor, clock: Timestamp(seconds: 1))
        }
        #expect(throws: SourceConflict.self) {
            try history.generations.admit(Sample.web, from: "/home/eve/web.git")
        }
        #expect(try history.ledger.latest() == 1)
        // Another name is theirs to take.
        let book = Sample.pipeline("book")
        try history.bake(Sample.passed(3, image: "A", of: book, source: "/home/eve/web.git"))
        #expect(try history.generations.registration(of: book)?.source == "/home/eve/web.git")
    }

    @Test("the policy's origin takes a name from the repository that baked it first, and gives it back when it goes")
    func origin() throws {
        let history = try TemporaryHistory()
        try history.bake(Sample.passed(1, image: "A"))
        let moved = PipelinePolicy(name: Sample.web, origin: "https://git.example/web")
        for pipelines in [[moved], [moved, PipelinePolicy(name: Sample.pipeline("book"), branch: "main")]] {
            _ = try history.promotion.apply(Policy(environments: [], pipelines: pipelines), for: Sample.request())
        }
        let conflict = #expect(throws: SourceConflict.self) { try history.bake(Sample.passed(2, image: "B")) }
        #expect(conflict?.reason.contains("by the policy of tester (uid 1000)") == true)
        // The second policy says the same of it: it was registered by the first, entry 3 behind generation and build.
        #expect(try history.generations.registration(of: Sample.web)?.entry.sequence == 3)
        try history.bake(Sample.passed(3, image: "C", source: "git@git.example:web.git"))
        _ = try history.promotion.apply(Policy(environments: []), for: Sample.request())
        try history.bake(Sample.passed(4, image: "D"))
        #expect(try history.generations.newest(Sample.web)?.record.id == Sample.generation("web@3"))
        #expect(try history.audit.verify().isEmpty)
    }

    @Test("the source is judged in the snapshot that decides, not once before")
    func sourceRace() throws {
        let history = try TemporaryHistory()
        let ours = Sample.passed(1, image: "A")
        let asked = Mutex(0)
        // While this bake is being recorded, another repository's takes the name.
        let late = PassedBuild(build: ours.build, spec: ours.spec) { id in
            let count = asked.withLock { count in
                count += 1
                return count
            }
            if count == 1 {
                try history.bake(Sample.passed(2, image: "B", source: "/home/eve/web.git"))
            }
            return try ours.generation(id)
        }
        #expect(throws: SourceConflict.self) { try history.bake(late) }
        #expect(try history.kinds() == ["generation", "build"])
    }

    @Test("a bake that lost to another of its pipeline is numbered after it")
    func lostRace() throws {
        let history = try TemporaryHistory()
        let ours = Sample.passed(1, image: "A")
        let asked = Mutex<[GenerationID]>([])
        let late = PassedBuild(build: ours.build, spec: ours.spec) { id in
            let count = asked.withLock { ids in
                ids.append(id)
                return ids.count
            }
            if count == 1 { try history.bake(Sample.passed(2, image: "B")) }
            return try ours.generation(id)
        }
        #expect(try history.bake(late).generation.id == Sample.generation("web@2"))
        #expect(asked.withLock { $0 } == [Sample.generation("web@1"), Sample.generation("web@2")])
        #expect(try history.kinds() == ["generation", "build", "generation", "build"])
    }

    @Test("threads that record at once give numbers without gap or duplicate")
    func threads() throws {
        let history = try TemporaryHistory()
        let (threads, bakes) = (4, 10)
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            do {
                // Each with a connection of its own, as processes have.
                let log = GenerationLog(ledger: try history.reopened())
                for bake in 0..<bakes {
                    let build = Sample.passed(bake, image: "\(thread) \(bake)")
                    _ = try log.record(build, by: Sample.actor, clock: Timestamp(seconds: 1))
                }
            } catch { failures.withLock { $0.append("\(error)") } }
        }
        #expect(failures.withLock { $0 } == [])
        let all = try history.generations.compactMap { $0 }
        #expect(all.map(\.record.id.number.value) == Array(1...threads * bakes))
        #expect(Set(all.map(\.record.image)).count == threads * bakes)
        let builds = try history.generations.builds(of: Sample.web, limit: 100)
        #expect(builds.map(\.record.generation) == all.reversed().map(\.record.id))
        #expect(try history.ledger.verify() == [])
    }
}
