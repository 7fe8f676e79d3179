import BakeModel
import BakeTestSupport
import Foundation
import LinuxSystem
import Testing

/// What several do at once has the result of some order of theirs.
@Suite struct RaceTests {
    private let small: SmallRepository

    init() throws { small = try SmallRepository() }

    /// Starts them all before it waits for any.
    private func together(_ commands: [[String]]) throws -> [Screen] {
        let started = commands.map { words in Worker { try small.bake(words) } }
        return try started.map { try $0.result() }
    }

    @Test("P5: bakes of several commits at once get numbers without a gap, each its own image")
    func severalCommits() throws {
        let commits = try (1...3).map { number in
            try small.commitPage("hello \(number)")
            return try small.git.git("rev-parse", "HEAD")
        }
        let screens = try together(commits.map { ["build", "--json", "--commit", $0] })
        for screen in screens { #expect(screen.status == 0, "\(screen.errors)") }
        let documents = try screens.map { try $0.json() }
        #expect(Set(documents.compactMap { $0["generation"]?.string }) == ["small@1", "small@2", "small@3"])
        for (commit, document) in zip(commits, documents) {
            let name = try #require(document["generation"]?.string)
            let shown = try small.bake("show", name, "--json").json()
            #expect(shown["generation"]?["commit"]?["id"]?.string == commit)
        }
        try sound()
    }

    @Test("promotions of a slot at once: each is an entry, a race lost, or nothing to do; the slot holds the last")
    func onePromotion() throws {
        _ = try small.bake("build")
        try small.commitPage("hello again")
        _ = try small.bake("build")
        try small.git.commit(files: ["policy.yaml": "environments: { staging: {} }\n"])
        _ = try small.bake("env", "apply", "policy.yaml")
        let screens = try together([
            ["promote", "1", "staging"], ["promote", "2", "staging"], ["promote", "2", "staging"],
        ])
        // 3: the first came after the second, and would have gone back to an ancestor.
        #expect(screens.allSatisfy { [0, 3, 6].contains($0.status) }, "\(screens.map(\.errors))")
        let moves = try small.bake("audit", "staging", "--json").json()["spans"]?.items?.count ?? 0
        #expect(moves == screens.count { $0.output.contains("->") } && moves >= 1)
        try sound()
    }

    @Test("a freeze and promotions at once: whatever is recorded behind the freeze moved nothing")
    func freezeBetween() throws {
        _ = try small.bake("build")
        try small.git.commit(files: ["policy.yaml": "environments: { staging: {}, preview: {} }\n"])
        _ = try small.bake("env", "apply", "policy.yaml")
        let screens = try together([
            ["promote", "1", "preview"], ["freeze", "--all"], ["promote", "1", "staging"],
        ])
        #expect(screens.allSatisfy { [0, 3, 6].contains($0.status) }, "\(screens.map(\.errors))")
        // The latest first: what stands before the freeze came after it.
        let entries = try small.bake("audit", "--acts", "--json").json()["entries"]?.items ?? []
        let kinds = entries.compactMap { $0["kind"]?.string }
        #expect(!kinds.prefix { $0 != "freeze" }.contains("move"), "\(kinds)")
        #expect(kinds.count { $0 == "move" } == screens.count { $0.output.contains("->") && $0.status == 0 })
        try sound()
    }

    private func sound() throws {
        #expect(try small.bake("fsck").status == 0)
        #expect(try small.bake("audit", "--verify").status == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(small.store)/tmp") == [])
    }
}
