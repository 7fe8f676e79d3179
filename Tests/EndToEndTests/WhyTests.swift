import BakeModel
import BakeTestSupport
import Foundation
import GitFixtures
import Testing

/// `bake why STAGE`: what made a stage run.
@Suite struct WhyTests {
    private let small: SmallRepository

    init() throws { small = try SmallRepository() }

    @Test("the input whose change made it run, before and after as git names the blobs, with commit and author")
    func changedFile() throws {
        _ = try small.bake("build")
        let before = try small.git.git("rev-parse", "HEAD:src/page.txt")
        try small.commitPage("hello again")
        let after = try small.git.git("rev-parse", "HEAD:src/page.txt")
        let commit = try small.git.git("rev-parse", "--short=7", "HEAD")
        // A later commit that does not touch the file is not the one that is named.
        try small.git.commit(files: ["README": "words\n"], "Words")
        _ = try small.bake("build")
        let lines = try small.bake("why", "site").output.split(separator: "\n")
        #expect(lines.first == "site ran because 1 of 9 inputs changed since small@1:")
        #expect(
            lines.last
                == "  src/page.txt  \(before.prefix(7))… -> \(after.prefix(7))…  \(commit) Hanako \"Say hello again\"")
        #expect(try small.bake("why", "app").output.contains("  site  sha256:"))
        #expect(
            try small.bake("why", "base").output == "base was cached in build 5: 4 inputs as when it ran for small@1\n")
        let document = try small.bake("why", "site", "--json").json()
        let change = document["changes"]?.items?.first
        #expect(document["schema"] == "bake/why/1" && document["since"] == "small@1" && document["inputs"] == 9)
        #expect(change?["name"] == "src/page.txt" && change?["commit"]?["summary"] == "Say hello again")
        #expect(change?["after"] == .string("regular \(after)") && change?["before"] == .string("regular \(before)"))
    }

    @Test("an earlier build by number or by its generation; a stage that failed; the whole key")
    func otherBuilds() throws {
        _ = try small.bake("build")
        let pipeline = try String(contentsOfFile: "\(small.git.path)/bake.yaml", encoding: .utf8)
        try small.git.commit(files: ["bake.yaml": pipeline.replacing("mkdir dist", with: "false")])
        #expect(try small.bake("build").status == 1)
        for build in ["3", "small@1"] {
            #expect(try small.bake("why", "site", build).output == "site ran in build 3 for the first time: 9 inputs\n")
        }
        #expect(
            try small.bake("why", "site").output == """
                site failed because 1 of 9 inputs changed since small@1:
                  run  line 1: "mkdir dist" -> "false"

                """)
        #expect(try small.bake("why", "app").output == "app was skipped in build 4: another stage failed first\n")
        let key = try small.bake("why", "site", "--key").output
        #expect(key.split(separator: "\n").count == 9)
        #expect(try key.contains("src/hello            regular \(small.git.git("rev-parse", "HEAD:src/hello"))\n"))
    }

    @Test("a cache that is gone is said to be; a stage or build that is not there is exit 4, with a suggestion")
    func missing() throws {
        _ = try small.bake("build")
        try small.commitPage("hello other")
        _ = try small.bake("build")
        try FileManager.default.removeItem(atPath: "\(small.store)/cache/stages")
        let why = try small.bake("why", "site")
        #expect(why.status == 0 && why.output == "site ran in build 5: src/page.txt changed\n")
        #expect(why.errors.contains("the cache has the list of its inputs no more"))
        #expect(try small.bake("why", "site", "--key").status == 4)
        let misspelt = try small.bake("why", "sit")
        #expect(misspelt.status == 4 && misspelt.errors.contains("did you mean \"site\"?"))
        #expect(try small.bake("why", "site", "2").errors.contains("the ledger has no build of that number"))
    }

    @Test("a draft's file is in no commit, so none is named")
    func draft() throws {
        _ = try small.bake("build")
        try small.git.write("src/page.txt", "draft hello\n")
        _ = try small.bake("build", "--draft")
        let why = try small.bake("why", "site").output
        #expect(why.contains("  src/page.txt  ") && !why.contains("Hanako"))
    }
}
