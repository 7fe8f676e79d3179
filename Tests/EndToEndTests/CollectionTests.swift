import BakeModel
import BakeTestSupport
import Foundation
import GitFixtures
import Testing

/// `bake gc`, `bake pin`: what stays, what goes, and that nobody misses it.
@Suite struct CollectionTests {
    /// Nine generations; 1, 2, 3 were promoted, 5 is pinned.
    private static func nineGenerations() throws -> SmallRepository {
        let small = try SmallRepository()
        try small.git.commit(files: [
            "bake.yaml": """
            name: small
            stages:
              os: { import: base.tar.gz }
              app: { from: os, add: { /srv/: src/page.txt } }
            image: app

            """,
            "environments.yaml": "environments: { staging: {}, production: {} }\n",
        ])
        for number in 1...9 {
            try small.commitPage("page \(number)")
            _ = try small.bake("build", "-q")
        }
        _ = try small.bake("env", "apply", "environments.yaml")
        for number in 1...3 { _ = try small.bake("promote", "small@\(number)", "production") }
        #expect(try small.bake("pin", "small@5", "--reason", "the demo").status == 0)
        return small
    }

    private static func words(_ text: String) -> String {
        text.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
    }

    @Test("every image with its reason; what goes is gone, what stays is sound for skopeo and fsck; evidence stays")
    func reasons() throws {
        let small = try Self.nineGenerations()
        let young = try small.bake("gc", "--dry-run")
        #expect(young.output.split(separator: "\n").allSatisfy { $0.hasPrefix("keep") }, "\(young.output)")

        let plan = try small.bake("gc", "--dry-run", "--older-than", "0s").output.split(separator: "\n")
            .map { Self.words(String($0)) }
        #expect(
            plan.prefix(5) == [
                "keep small@1 3 of the last 5 in production",
                "keep small@2 where a rollback of production goes, 2 of the last 5 in production",
                "keep small@3 in production", "keep small@5 pinned: the demo", "keep small@9 the newest",
            ])
        #expect(plan.dropFirst(5).count == 4)
        #expect(plan.dropFirst(5).allSatisfy { $0.contains("never promoted, 0 days old") && $0.contains("stay)") })

        let before = try small.bake("fsck")
        #expect(before.status == 0)
        let done = try small.bake("gc", "--older-than", "0s")
        #expect(done.output.hasPrefix("collected small@4, small@6, small@7, small@8  "), "\(done.errors)")
        #expect(try small.bake("fsck").output == "the store is sound\n")
        let names = try JSON(parsing: Array(Data(contentsOf: URL(filePath: "\(small.store)/index.json"))))["manifests"]?
            .items?.compactMap { $0["annotations"]?["org.opencontainers.image.ref.name"]?.string }
        // What is said of an image stays: evidence by generation, and by the fallback tag of its digest.
        let images = names?.filter { !$0.contains(".") && !$0.hasPrefix("sha256-") }.sorted()
        #expect(images == ["small:production", "small@1", "small@2", "small@3", "small@5", "small@9"])
        #expect(names?.filter { $0.hasSuffix(".evidence") }.count == 9)
        for name in ["small@1", "small@9"] {
            let inspected = try ForeignTool.run("skopeo", ["inspect", "--raw", "oci:\(small.store):\(name)"])
            #expect(inspected.contains("schemaVersion"))
        }
        #expect(try small.bake("gc", "--older-than", "0s", "-q").output == "0\n")
    }

    @Test("what the last bake of a stage gave stays, although no image holds it")
    func lastResults() throws {
        let small = try SmallRepository()
        try small.git.commit(files: [
            "bake.yaml": """
            name: small
            stages:
              os: { import: base.tar.gz }
              side: { from: os, inputs: [], run: echo side > side, output: side }
              app: { from: os, inputs: ["side:side"], run: echo app > /srv/app }
            image: app

            """
        ])
        #expect(try small.bake("build", "-q").line == "small@1")
        _ = try small.bake("gc", "--older-than", "0s")
        let again = try small.bake("build").errors
        #expect(again.contains(" side       cached"), "\(again)")
    }

    @Test("a collected generation says so, and the same bytes come back by a rebake")
    func comesBack() throws {
        let small = try Self.nineGenerations()
        _ = try small.bake("gc", "--older-than", "0s")
        let shown = try small.bake("show", "small@4")
        #expect(shown.status == 0)
        #expect(shown.output.contains("collected by entry"), "\(shown.errors)")
        let export = try small.bake("enter", "small@4", "--", "true")
        #expect(export.status == 4)
        #expect(export.errors.contains("hint: make the same bytes again: bake rebake small@4"), "\(export.errors)")
        #expect(try small.bake("rebake", "small@4").output.hasPrefix("small@4  same bytes"))
        #expect(try small.bake("enter", "small@4", "--", "cat", "/srv/page.txt").output == "page 4\n")
        #expect(try ForeignTool.run("skopeo", ["inspect", "--raw", "oci:\(small.store):small@4"]).contains("layers"))
    }

    @Test("a plan is carried out as it was shown, or not at all")
    func plans() throws {
        let small = try Self.nineGenerations()
        let plan = "\(small.git.path)/plan.json"
        let shown = try small.bake("gc", "--dry-run", "--older-than", "0s", "--json")
        try Data(shown.output.utf8).write(to: URL(filePath: plan))
        #expect(try small.bake("pin", "small@6").status == 0)
        let outdated = try small.bake("gc", plan)
        #expect(outdated.status == 6)
        #expect(outdated.errors.contains("it takes away what is kept by now: small@6, sha256:"), "\(outdated.errors)")
        #expect(try small.bake("enter", "small@4", "--", "cat", "/srv/page.txt").output == "page 4\n")
        #expect(try small.bake("unpin", "small@6").status == 0)
        let checked = try small.bake("gc", plan, "--dry-run")
        #expect(checked.output == "drop  small@4\ndrop  small@6\ndrop  small@7\ndrop  small@8\n", "\(checked)")
        // The plan has the rules it was made with.
        let done = try small.bake("gc", plan, "--json")
        #expect(done.status == 0, "\(done.errors)")
        #expect(
            try done.json()["generations"]?.items?.compactMap(\.string) == ["small@4", "small@6", "small@7", "small@8"])
        let freed = try done.json()["bytes-freed"]?.number
        #expect(try freed == shown.json()["bytes"]?.number)
        // Nothing is given up twice.
        let before = try small.bake("audit", "--export").output
        let again = try small.bake("gc", plan)
        #expect(again.status == 0 && again.output == "collected no image  freed 0 B\n", "\(again)")
        #expect(try small.bake("audit", "--export").output == before)
        #expect(try small.bake("gc", "bake.yaml").status == 2)
    }

    @Test("P4: a bake that runs meanwhile ends as if nothing had happened, and its image is whole")
    func runningBake() throws {
        let small = try Self.nineGenerations()
        // Its tree is that of generation 4, whose layer and stage are in nobody's way now.
        try small.git.write("src/page.txt", "page 4\n")
        let pipeline = try String(contentsOfFile: "\(small.git.path)/bake.yaml", encoding: .utf8)
        try small.git.commit(files: [
            "bake.yaml": pipeline.replacing(
                "image: app", with: "  last: { from: app, run: sleep 2 }\nimage: last")
        ])
        let running = try small.start(["build", "-q"])
        Thread.sleep(forTimeInterval: 1)
        let collected = try small.bake("gc", "--older-than", "0s", "--json")
        #expect(try collected.json()["bytes-freed"]?.number == 0, "\(collected.errors)")
        #expect(try (collected.json()["bytes-waiting"]?.number ?? 0) > 0)
        #expect(try running.wait().succeeded)
        #expect(try small.bake("enter", "small", "--", "cat", "/srv/page.txt").output == "page 4\n")
        let after = try small.bake("gc", "--older-than", "0s", "--json")
        #expect(try (after.json()["bytes-freed"]?.number ?? 0) > 0)
        #expect(try small.bake("fsck").output == "the store is sound\n")
        #expect(try small.bake("enter", "small", "--", "cat", "/srv/page.txt").output == "page 4\n")
    }

    @Test("a collection beside a rebake: whichever comes first, the store is sound, and the ledger says what is there")
    func besideRebake() throws {
        let small = try Self.nineGenerations()
        for _ in 0..<4 {
            let rebake = try small.start(["rebake", "small@4"])
            let collected = try small.bake("gc", "--older-than", "0s")
            #expect(collected.status == 0, "\(collected.errors)")
            #expect(try rebake.wait().succeeded)
            let found = try small.bake("fsck")
            #expect(found.output == "the store is sound\n", "\(found)")
            let isGone = try small.bake("show", "small@4").output.contains("collected by entry")
            let entered = try small.bake("enter", "small@4", "--", "cat", "/srv/page.txt")
            #expect(isGone ? entered.status == 4 : entered.output == "page 4\n", "\(entered)")
        }
    }

    @Test("a size that must hold takes what is young too; where that is not enough, exit 3 says what is kept")
    func largestSize() throws {
        let small = try Self.nineGenerations()
        let wide = try small.bake("gc", "--dry-run", "--max-size", "1G")
        #expect(!wide.output.contains("drop"))
        let dry = try small.bake("gc", "--dry-run", "--max-size", "1000")
        #expect(dry.status == 3 && dry.errors.contains("evidence would keep "), "\(dry)")
        let refused = try small.bake("gc", "--max-size", "1000")
        #expect(refused.status == 3)
        #expect(refused.errors.contains("hint: what keeps each image: bake gc --dry-run"), "\(refused.errors)")
        #expect(try small.bake("show", "small@4").output.contains("collected by entry"))
        #expect(try small.bake("enter", "small@3", "--", "cat", "/srv/page.txt").output == "page 3\n")
    }

    @Test("what a size makes go is gone at once, however young, and what stays is sound")
    func sizeFrees() throws {
        let small = try Self.nineGenerations()
        let plan = try small.bake("gc", "--dry-run", "--max-size", "1", "--json").json()
        let left = try #require(plan["bytes-left"]?.number)
        let done = try small.bake("gc", "--max-size", "\(left + 1000)", "--json")
        #expect(done.status == 0, "\(done.errors)")
        let freed = try #require(try done.json()["bytes-freed"]?.number)
        #expect(freed > 0)
        #expect(freed == plan["bytes"]?.number)
        #expect(try small.bake("gc", "--dry-run", "--json").json()["bytes-left"]?.number ?? .max <= left + 1000)
        #expect(try small.bake("fsck").output == "the store is sound\n")
        #expect(try small.bake("enter", "small@3", "--", "cat", "/srv/page.txt").output == "page 3\n")
    }

    @Test("kept is where a rollback would really go, not a rejected image above it")
    func rejectedTarget() throws {
        let small = try Self.nineGenerations()
        try small.git.write("keep.yaml", "environments: { production: { keep: 1 } }\n")
        #expect(try small.bake("env", "apply", "keep.yaml").status == 0)
        #expect(try small.bake("reject", "small@2", "--reason", "leaks").status == 0)
        let done = try small.bake("gc", "--older-than", "0s")
        #expect(done.output.hasPrefix("collected small@2, small@4, small@6"), "\(done.output)\(done.errors)")
        let back = try small.bake("rollback", "production")
        #expect(back.status == 0, "\(back.errors)")
        #expect(!back.errors.contains("NOT WHOLE"))
        #expect(try small.bake("enter", "production", "--", "cat", "/srv/page.txt").output == "page 1\n")
    }

    @Test("an image that is not whole is not promoted; a rollback to it is made, and says so loudly")
    func incomplete() throws {
        let small = try Self.nineGenerations()
        let shown = try small.bake("gc", "--dry-run", "--older-than", "0s", "--json")
        #expect(shown.status == 0)
        for number in [2, 4] { try Self.removeTopLayer(of: "small@\(number)", in: small) }
        let refused = try small.bake("promote", "small@4", "production")
        #expect(refused.status == 5, "\(refused.errors)")
        #expect(refused.errors.contains("hint: make the same bytes again: bake rebake small@4"), "\(refused.errors)")
        let back = try small.bake(
            ["rollback", "production"], environment: ["BAKE_KEY=/nonexistent/key"])
        #expect(back.status == 0, "\(back.errors)")
        #expect(back.errors.contains("small:production NAMES AN IMAGE THAT IS NOT WHOLE"), "\(back.errors)")
        // Neither does a key that is not there stand in its way.
        #expect(back.errors.contains("recorded and not signed: bake attest"), "\(back.errors)")
        #expect(
            try small.bake(["promote", "small@3", "staging"], environment: ["BAKE_KEY=/nonexistent/key"]).status != 0)
    }

    private static func removeTopLayer(of name: String, in small: SmallRepository) throws {
        let manifest = try ForeignTool.run("skopeo", ["inspect", "--raw", "oci:\(small.store):\(name)"])
        let layers = try JSON(parsing: Array(manifest.utf8))["layers"]?.items
        let digest = try #require(layers?.last?["digest"]?.string)
        try FileManager.default.removeItem(atPath: "\(small.store)/blobs/sha256/\(digest.dropFirst(7))")
    }

    @Test("a pin ends at its time, and one that is over keeps nothing")
    func pinUntil() throws {
        let small = try SmallRepository()
        _ = try small.bake("build", "-q")
        #expect(try small.bake("pin", "small@1", "--until", "2001-01-01").status == 2)
        let pinned = try small.bake("pin", "small@1", "--until", "2099-01-01")
        #expect(pinned.output.contains("small@1  pinned  until 2099-01-01"), "\(pinned.errors)")
        #expect(try small.bake("pin", "small@1", "--until", "2099-01-01").output.contains("already so"))
        #expect(try small.bake("gc", "--dry-run").output.contains("pinned until 2099-01-01"))
        let later = try small.bake(
            ["gc", "--dry-run"], wrapper: ["/usr/bin/faketime", "2100-01-01 00:00:00"])
        #expect(!later.output.contains("pinned"), "\(later.output)\(later.errors)")
        #expect(try small.bake("pin", "small@7").status == 4)
    }
}
