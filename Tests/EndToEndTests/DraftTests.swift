import BakeModel
import BakeTestSupport
import Foundation
import Testing

/// Drafts: images without a generation's number, and where they may go.
@Suite struct DraftTests {
    private let small: SmallRepository

    init() throws {
        small = try SmallRepository()
        try small.git.commit(files: [
            "policy.yaml": "environments: { dev: { drafts: true }, staging: {} }\n"
        ])
        _ = try small.bake("init")
        _ = try small.bake("env", "apply", "policy.yaml")
    }

    private func bake(_ words: String...) throws -> Screen { try small.bake(words) }

    private func draft(_ text: String) throws -> String {
        try small.git.write("src/page.txt", "hello \(text)\n")
        return try bake("build", "--draft", "-q").line
    }

    @Test("a draft enters an environment that takes drafts, and no other, glass or no glass")
    func road() throws {
        #expect(try draft("one") == "small@draft-1")
        #expect(try draft("one") == "small@draft-1", "the same image is the same draft")
        #expect(try draft("two") == "small@draft-2")
        let moved = try bake("promote", "small@draft-2", "dev")
        #expect(moved.status == 0 && moved.output.contains("small:dev  empty -> small@draft-2"), "\(moved.errors)")
        for words in [[], ["--break-glass", "hurry"]] {
            let refused = try small.bake(["promote", "small@draft-2", "staging"] + words)
            #expect(refused.status == 3 && refused.errors.contains("staging takes no drafts"), "\(refused.errors)")
        }
        // Back to an earlier draft is no rollback of anything; what is committed later takes its place.
        #expect(try bake("promote", "small@draft-1", "dev").status == 0)
        #expect(try bake("enter", "small:dev", "--", "cat", "/srv/page.txt").output == "HELLO ONE\n")
        try small.git.commit("One")
        #expect(try bake("build", "-q").line == "small@1")
        #expect(
            try bake("show", "small@1", "--json").json()["image"]
                == bake("show", "small@draft-2", "--json").json()["image"])
        #expect(try bake("promote", "1", "dev").status == 0)
        #expect(try bake("promote", "1", "staging").status == 0)
        #expect(try bake("rollback", "small:dev").output.contains("small@1 -> small@draft-1"))
        #expect(try bake("status").output.contains("draft-1"))
        #expect(try bake("audit", "dev").output.contains("small@draft-2"))
        #expect(try bake("audit", "--verify").status == 0)
        #expect(try bake("fsck").output == "the store is sound\n")
    }

    @Test("a pipeline's name alone is never a draft; a draft that nothing holds is collected")
    func names() throws {
        _ = try draft("one")
        #expect(try bake("show", "small").status == 4)
        _ = try draft("two")
        _ = try bake("promote", "small@draft-2", "dev")
        let collected = try bake("gc", "--older-than", "0s")
        #expect(collected.output.hasPrefix("collected small@draft-1  "), "\(collected.output)\(collected.errors)")
        #expect(try bake("enter", "small:dev", "--", "cat", "/srv/page.txt").output == "HELLO TWO\n")
        let gone = try bake("promote", "small@draft-1", "dev")
        #expect(gone.status == 4 && gone.errors.contains("it was collected"), "\(gone.errors)")
        #expect(try bake("log").output.contains("draft") == false)
        #expect(try bake("show", "small@draft-9").status == 4)
    }
}
