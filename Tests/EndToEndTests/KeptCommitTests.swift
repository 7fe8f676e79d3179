import BakeModel
import BakeTestSupport
import Foundation
import GitFixtures
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
}
