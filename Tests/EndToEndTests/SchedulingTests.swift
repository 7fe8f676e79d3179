import BakeModel
import BakeTestSupport
import Foundation
import GitFixtures
import LinuxSystem
import Testing

/// Which stages run when, and how often.
@Suite struct SchedulingTests {
    private let small: SmallRepository

    init() throws { small = try SmallRepository() }

    private func states(_ screen: Screen) throws -> [String] {
        try screen.json()["stages"]?.items?.compactMap { $0["state"]?.string } ?? []
    }

    @Test("two bakes of one commit at the same time make each stage once")
    func oneWriter() throws {
        let pipeline = try String(contentsOfFile: "\(small.git.path)/bake.yaml", encoding: .utf8)
        try small.git.commit(files: ["bake.yaml": pipeline.replacing("mkdir dist", with: "sleep 1; mkdir dist")])
        let bakes = (0..<2).map { _ in Worker { try small.bake("build", "--json") } }
        let all = try bakes.map { try states(try $0.result()) }
        for (name, pair) in zip(["base", "site", "app", "image", "spec"], zip(all[0], all[1])) {
            #expect([pair.0, pair.1].sorted() == ["cached", "ran"], "\(name)")
        }
    }

    @Test("--fresh runs one stage again and takes the others; its name is checked before anything is done")
    func fresh() throws {
        _ = try small.bake("build")
        let again = try small.bake("build", "--json", "--fresh", "site", "--fresh", "spec")
        #expect(try states(again) == ["cached", "ran", "cached", "cached", "ran"])
        #expect(try again.json()["outcome"] == "stands")
        #expect(try small.bake("why", "site").output == "site ran in build 4: asked for afresh\n")
        let unknown = try small.bake("build", "--fresh", "sitee")
        #expect(unknown.status == 2 && unknown.errors.contains("did you mean \"site\"?"))
        let plan = try small.bake("plan", "--fresh", "site", "--json").json()["nodes"]?.items
        #expect(plan?.first { $0["id"] == "stage/site" }?["why"] == "asked for afresh")
    }

    @Test("--timings: the critical path is the longest way, and its sum is no longer than the bake")
    func timings() throws {
        let pipeline = """
            name: small
            stages:
              base: { import: base.tar.gz }
              quick: { from: base, inputs: [src/page.txt], run: cp src/page.txt a, output: a }
              slow: { from: base, inputs: [src/page.txt], run: sleep 10; cp src/page.txt b, output: b }
              app: { from: base, add: { /a: "quick:a", /b: "slow:b" } }
            image: app
            """.replacing("cp ", with: "busybox cp ")
        try small.git.commit(files: ["bake.yaml": pipeline])
        let bake = try small.bake("build", "--timings", "--json")
        let timings = try bake.json()["timings"]
        #expect(timings?["critical"] == ["base", "slow", "app", "image"])
        let nodes = timings?["nodes"]?.items ?? []
        let slow = try #require(nodes.first { $0["name"] == "slow" })
        #expect((slow["duration"]?.number ?? 0) >= 10_000)
        let (sum, whole) = (timings?["sum"]?.number ?? 0, timings?["whole"]?.number ?? 0)
        #expect(sum >= 10_000 && sum <= whole)
        #expect(bake.errors.contains("critical path  base ") && bake.errors.contains(" → slow "))
        let cached = try small.bake("build", "--timings")
        #expect(cached.errors.contains("critical path  nothing ran of "))
    }

    @Test("a plan writes nothing, neither into the store nor into the work tree, and needs no store")
    func planWritesNothing() throws {
        let trace = "\(small.git.directory.path)/trace"
        func written(_ words: String...) throws -> [Substring] {
            let plan = try small.bake(
                words, wrapper: ["/usr/bin/strace", "-f", "-o", trace, "-e", "trace=%file,ftruncate"])
            #expect(plan.status == 0, "\(plan.errors)")
            let lines = try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n")
            let calls = ["O_CREAT", "O_TRUNC", "O_WRONLY", "rename", "unlink", "mkdir", "link(", "linkat", "truncate"]
            return lines.filter { line in
                line.contains(small.git.directory.path) && calls.contains(where: line.contains)
                    && !line.contains("readlink") && !line.contains("ENOENT")
                    // SQLite's index in shared memory, which every reader of the ledger takes part in.
                    && !line.contains("ledger.sqlite-")
            }
        }
        #expect(try written("plan") == [])
        #expect(!FileManager.default.fileExists(atPath: small.store))
        #expect(try small.bake("build", "--dry-run").output.contains("will run: first time"))
        _ = try small.bake("build")
        try small.commitPage("hello more")
        #expect(try written("plan") == [])
        // The test can fail: a bake writes.
        #expect(try !written("build").isEmpty)
    }
}
