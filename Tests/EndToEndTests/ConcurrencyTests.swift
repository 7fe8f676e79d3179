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
    }
}
