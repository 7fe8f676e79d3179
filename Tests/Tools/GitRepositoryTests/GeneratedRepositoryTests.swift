import BakeModel
import Foundation
import GitFixtures
import LinuxSystem
import Testing

@testable import GitRepository

/// Commits of generated files, looked at with git.
@Suite struct GeneratedRepositoryTests {
    private let place: TemporaryDirectory
    private let repository: GeneratedRepository

    init() throws {
        place = try TemporaryDirectory()
        repository = GeneratedRepository(at: "\(place.path)/app.git")
    }

    private func commit(_ text: String, at seconds: Int64, movingHead: Bool = true) throws -> CommitID {
        let author = Commit.Person(
            name: "hanako", mail: "hanako@m.example", time: Timestamp(milliseconds: seconds * 1000), offsetMinutes: 0)
        try "bytes\0".write(toFile: "\(place.path)/größe.deb", atomically: false, encoding: .utf8)
        return try repository.commit(
            [
                .init(name: "bake.yaml", content: .text(text)),
                .init(name: "app.deb", content: .machine("\(place.path)/größe.deb")),
            ], message: "Install app\n", author: author, movingHead: movingHead, program: BuiltBake.program)
    }

    private func git(_ words: String...) throws -> String {
        let run = try CompletedProcess.run(
            "/usr/bin/git", ["-C", repository.path] + words, environment: ["PATH=/usr/bin:/bin", "HOME=/nonexistent"])
        try #require(run.ending.succeeded, "\(run.lastErrors)")
        return run.text
    }

    @Test func gitReadsWhatWasCommitted() throws {
        let id = try commit("name: app\n", at: 1_700_000_000)
        #expect(try git("rev-parse", "HEAD") == "\(id.hex)\n")
        #expect(try git("log", "--format=%an %ae %at %s") == "hanako hanako@m.example 1700000000 Install app\n")
        #expect(
            try git("ls-tree", "--format=%(objectmode) %(path) %(objectsize)", "HEAD")
                == "100644 app.deb 6\n100644 bake.yaml 10\n")
        #expect(try git("show", "HEAD:bake.yaml") == "name: app\n")
        #expect(try git("fsck", "--strict").isEmpty)
    }

    @Test func theSameFilesAreTheSameCommitAndOthersFollow() throws {
        let first = try commit("one", at: 1_700_000_000)
        #expect(try commit("one", at: 1_800_000_000) == first)
        let second = try commit("two", at: 1_800_000_000)
        #expect(try git("rev-parse", "HEAD", "HEAD^") == "\(second.hex)\n\(first.hex)\n")
    }

    @Test func withoutMovingHeadNothingLeadsToIt() throws {
        let first = try commit("one", at: 1_700_000_000)
        let loose = try commit("two", at: 1_700_000_000, movingHead: false)
        #expect(loose != first)
        #expect(try git("rev-parse", "HEAD") == "\(first.hex)\n")
    }

    @Test func aFileThatIsNotThereIsAnError() throws {
        let author = Commit.Person(name: "h", mail: "h@m", time: Timestamp(milliseconds: 0), offsetMinutes: 0)
        #expect(throws: (any Error).self) {
            try repository.commit(
                [.init(name: "a", content: .machine("/nowhere/a.deb"))], message: "x", author: author, movingHead: true,
                program: BuiltBake.program)
        }
    }
}
