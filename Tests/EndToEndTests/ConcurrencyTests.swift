import BakeTestSupport
import Foundation
import GitFixtures
import LinuxSystem
import Testing

@Suite struct ConcurrencyTests {
    @Test("P5: four bakes of one commit at once make one generation; the others stand")
    func oneCommit() throws {
        let small = try SmallRepository()
        let bakes = (0..<4).map { _ in Worker { try small.bake("build", "--json") } }
        let screens = try bakes.map { try $0.result() }
        let outcomes = try screens.map { try $0.json()["outcome"]?.string ?? "" }
        #expect(screens.allSatisfy { $0.status == 0 }, "\(screens.map(\.errors))")
        #expect(outcomes.sorted() == ["made", "stands", "stands", "stands"])
        #expect(try Set(screens.map { try $0.json()["image"]?.string ?? "" }).count == 1)
        #expect(try small.bake("log", "-q").output.split(separator: "\n").count == 1)
        #expect(try small.bake("fsck").status == 0)
    }

    @Test("bakes of two pipelines into one store keep both; a bare number then asks which")
    func twoPipelines() throws {
        let small = try SmallRepository()
        let other = try SmallRepository()
        let pipeline = try String(contentsOfFile: "\(other.git.path)/bake.yaml", encoding: .utf8)
        try other.git.commit(files: ["bake.yaml": pipeline.replacing("name: small", with: "name: other")])
        let store = "BAKE_STORE=\(small.store)"
        let bakes = [
            Worker { try small.bake("build", "-q") }, Worker { try other.bake(["build", "-q"], environment: [store]) },
        ]
        #expect(try bakes.map { try $0.result().output }.sorted() == ["other@1\n", "small@1\n"])
        let bare = try small.bake("show", "1")
        #expect(bare.status == 2 && bare.errors.contains("-p other, -p small"))
        #expect(try small.bake("show", "1", "-p", "other").output.hasPrefix("other@1\n"))
    }

    @Test("a pipeline's name belongs to the repository that baked it first")
    func hijack() throws {
        let small = try SmallRepository()
        let other = try SmallRepository()
        _ = try small.bake("build")
        let refused = try other.bake(["build"], environment: ["BAKE_STORE=\(small.store)"])
        #expect(refused.status == 3 && refused.errors.contains("that name belongs to"))
        #expect(refused.errors.contains("registered by the first bake, of") && refused.errors.contains("entry 3"))
        // The way on that it shows.
        try other.git.write(
            "policy.yaml",
            "pipelines: { small: { origin: \"\(other.git.path)\" } }\nenvironments: { staging: {} }\n")
        #expect(try small.bake("env", "apply", "\(other.git.path)/policy.yaml").status == 0)
        let taken = try other.bake(["build", "-q", "--commit", "HEAD"], environment: ["BAKE_STORE=\(small.store)"])
        #expect(taken.status == 0 && taken.output == "small@1\n", "\(taken.errors)")
        #expect(try small.bake("build").status == 3)
    }

    @Test("a commit that is not on the release branch of the policy makes a draft; after the merge a generation")
    func releaseBranch() throws {
        let small = try SmallRepository()
        try small.git.commit(files: [
            "policy.yaml": "pipelines: { small: { branch: main } }\nenvironments: { staging: {} }\n"
        ])
        _ = try small.bake("init")
        _ = try small.bake("env", "apply", "policy.yaml")
        try small.git.git("checkout", "-q", "-b", "feature")
        try small.commitPage("hello again")
        let draft = try small.bake("build", "--json")
        #expect(try draft.json()["outcome"] == "draft", "\(draft.errors)")
        #expect(draft.errors.contains("this commit is not on it"))
        try small.git.git("checkout", "-q", "main")
        try small.git.git("merge", "-q", "feature")
        #expect(try small.bake("build", "-q").output == "small@1\n")
        // The same repository by its address, whose branch is found in the mirror.
        #expect(try small.bake("build", "-q", "file://\(small.git.path)").output == "small@1\n")
    }
}
