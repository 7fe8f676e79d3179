import BakeModel
import BakeTestSupport
import Foundation
import GitFixtures
import SigningFixtures
import Testing

/// The commits of kept generations stand in the store's git directory.
@Suite struct KeptCommitTests {
    @Test("a generation is baked again after its origin was pushed over and collected, and after it is gone")
    func lost() throws {
        let small = try SmallRepository()
        _ = try small.bake("init")
        #expect(try small.bake("build", "-q").line == "small@1")
        let commit = try small.git.git("rev-parse", "HEAD")
        try small.git.git("commit", "-q", "--amend", "-m", "Pushed over")
        try small.git.git("reflog", "expire", "--expire=now", "--all")
        try small.git.git("gc", "-q", "--prune=now")
        #expect(throws: (any Error).self) { try small.git.git("cat-file", "-t", commit) }
        let again = try small.bake("rebake", "small@1")
        #expect(again.status == 0 && again.output.contains("same bytes"), "\(again.errors)")
        try FileManager.default.moveItem(atPath: small.git.path, toPath: "\(small.git.path).away")
        try FileManager.default.createDirectory(atPath: small.git.path, withIntermediateDirectories: true)
        let gone = try small.bake("rebake", "small@1")
        #expect(gone.status == 0 && gone.output.contains("same bytes"), "\(gone.errors)")
    }

    @Test("the commit of a collected generation goes, unless another generation is of it")
    func collected() throws {
        let small = try SmallRepository()
        _ = try small.bake("init")
        for text in ["one", "two", "three"] {
            try small.commitPage("hello \(text)")
            _ = try small.bake("build", "-q")
        }
        let kept = "\(small.store)/git/kept.git"
        let names = {
            try TestRepository.git(["for-each-ref", "--format=%(refname)"], in: kept).split(separator: "\n")
        }
        #expect(try names().count == 3)
        #expect(try small.bake("gc", "--older-than", "0s").output.hasPrefix("collected small@1, small@2  "))
        let newest = try small.git.git("rev-parse", "HEAD")
        #expect(try names() == ["refs/bake/small/\(newest)"])
        #expect(try small.bake("rebake", "small@3").status == 0)
        #expect(try small.bake("fsck").status == 0)
    }

    @Test("who wrote what is told, and the gate judged, from the store alone, as long as nobody can ask the origin")
    func authors() throws {
        let small = try SmallRepository()
        let bench = try SigningBench()
        // Hanako wrote all but one of the commits, which is neither the first nor the last.
        let people = try [("alice", "alice@bake.example"), ("hanako", "hanako@bake.example")].map { name, mail in
            "\(name),\(mail) \(try bench.key(name).publicHalf)"
        }
        let rule = "approve: { need: 1, by: [alice, hanako], never: [author] }"
        try small.git.commit(files: [
            "allowed_signers": people.joined(separator: "\n"),
            "policy.yaml": "signers: allowed_signers\nenvironments: { production: { \(rule) } }\n",
        ])
        _ = try small.bake("init")
        #expect(try small.bake("env", "apply", "policy.yaml").status == 0)
        _ = try small.bake("build", "-q")
        for text in ["one", "two", "three"] { try small.commitPage("hello \(text)") }
        try small.git.git(
            "commit", "-q", "--allow-empty", "--author", "Alice <alice@bake.example>", "-m", "Hers")
        for text in ["four", "five"] { try small.commitPage("hello \(text)") }
        let commit = try small.git.git("rev-parse", "HEAD")
        _ = try small.bake("build", "-q")
        // More than are written one by one.
        for number in 1...70 { try small.git.git("commit", "-q", "--allow-empty", "-m", "Number \(number)") }
        try small.commitPage("hello six")
        _ = try small.bake("build", "-q")
        try FileManager.default.moveItem(atPath: small.git.path, toPath: "\(small.git.path).away")
        try FileManager.default.createDirectory(atPath: small.git.path, withIntermediateDirectories: true)
        let kept = "\(small.store)/git/kept.git"
        #expect(try TestRepository.git(["cat-file", "-t", "\(commit)~3"], in: kept) == "commit")
        #expect(throws: (any Error).self) { try TestRepository.git(["ls-tree", "\(commit)~3"], in: kept) }
        _ = try small.bake("approve", "2", "production", "--key", "\(bench.directory)/alice")
        let barred = try small.bake("promote", "2", "production")
        #expect(barred.status == 3 && barred.errors.contains("alice's does not count: author of "), "\(barred.errors)")
        #expect(!barred.errors.contains("run it in a clone"))
        #expect(try small.bake("promote", "2", "production", "--break-glass", "a test").status == 0)
        // Of the commits that come now Alice wrote none.
        _ = try small.bake("approve", "3", "production", "--key", "\(bench.directory)/alice")
        let moved = try small.bake("promote", "3", "production")
        #expect(moved.status == 0, "\(moved.errors)")
        #expect(moved.errors.contains("71 commits") || moved.output.contains("71 commits"), "\(moved.errors)")
        // Nor does a collection take away who wrote them.
        #expect(try small.bake("gc", "--older-than", "0s").status == 0)
        #expect(try TestRepository.git(["cat-file", "-t", "\(commit)~3"], in: kept) == "commit")
        #expect(try small.bake("fsck").status == 0)
    }
}
