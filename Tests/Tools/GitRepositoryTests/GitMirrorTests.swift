import BakeModel
import Foundation
import GitFixtures
import LinuxSystem
import Testing

@testable import GitRepository

/// Fetches from file:// addresses, and what every fetch has in common.
@Suite struct GitMirrorTests {
    private let source: TestRepository
    private let mirror: GitMirror

    init() throws {
        source = try TestRepository()
        let url = try RemoteURL(parsing: "file://\(source.path)")
        mirror = GitMirror(of: url, in: "\(source.directory.path)/git")
    }

    private func fetch(_ revision: String? = nil) throws -> CommitID {
        try mirror.fetch(revision, program: BuiltBake.program)
        return try GitReader.open(mirror.path, program: BuiltBake.program).resolve(revision)
    }

    private func refs() throws -> String {
        try TestRepository.git(["for-each-ref", "--format=%(objectname) %(refname)"], in: mirror.path)
    }

    @Test func copiesBranchesTagsAndHead() throws {
        let first = try source.commit(files: ["a": "1"])
        try source.git("tag", "-a", "v1", "-m", "one")
        try source.git("checkout", "-q", "-b", "trunk")
        let second = try source.commit(files: ["a": "2"])
        #expect(try fetch().hex == second)
        #expect(try fetch("main").hex == first)
        #expect(try fetch("v1").hex == first)
        #expect(try refs() == source.git("for-each-ref", "--format=%(objectname) %(refname)"))
        #expect(try TestRepository.git(["symbolic-ref", "HEAD"], in: mirror.path) == "refs/heads/trunk")
        try TestRepository.git(["fsck", "--full", "--strict"], in: mirror.path)
    }

    @Test func followsWhatMovedAndVanished() throws {
        try source.commit(files: ["a": "1"])
        try source.git("branch", "topic")
        try source.git("tag", "old")
        _ = try fetch()
        try source.git("branch", "-D", "topic")
        try source.git("tag", "-d", "old")
        // A directory where a file was, and history rewritten.
        try source.git("branch", "topic/one")
        try source.git("commit", "-q", "--amend", "-m", "rewritten")
        _ = try fetch()
        #expect(try refs() == source.git("for-each-ref", "--format=%(objectname) %(refname)"))
    }

    @Test func keepsWhatBakeMarked() throws {
        let kept = try source.commit(files: ["a": "1"])
        _ = try fetch()
        try TestRepository.git(["update-ref", "refs/bake/web/1", kept], in: mirror.path)
        try source.git("commit", "-q", "--amend", "-m", "rewritten")
        _ = try fetch()
        #expect(try refs().contains("\(kept) refs/bake/web/1"))
    }

    @Test func needsNoNetworkForACommitItHas() throws {
        let commit = try source.commit(files: ["a": "1"])
        _ = try fetch()
        try FileManager.default.removeItem(atPath: source.path)
        #expect(try fetch(commit).hex == commit)
        let error = try #require(ExplainedFailure.of { try fetch("main") })
        #expect(error.subject == mirror.url.text)
    }

    @Test func saysThatNothingLeadsToACommit() throws {
        try source.commit(files: ["a": "1"])
        let nowhere = "0123456789012345678901234567890123456789"
        let error = try #require(ExplainedFailure.of { try fetch(nowhere) })
        #expect(error.exit == .notFound && error.reason.contains(nowhere))
    }

    @Test func mendsWhatAKilledFetchLeft() throws {
        let head = try source.commit(files: ["a": "1"])
        try DurableFile.makeDirectories("\(mirror.path)/refs/heads")
        try DurableFile.makeDirectories("\(mirror.path)/objects/pack")
        for name in [
            "HEAD.lock", "packed-refs.lock", "config.lock", "refs/heads/main.lock", "objects/pack/pack_git2_x",
        ] {
            try Data("half".utf8).write(to: URL(fileURLWithPath: "\(mirror.path)/\(name)"))
        }
        #expect(try fetch().hex == head)
        #expect(!FileManager.default.fileExists(atPath: "\(mirror.path)/objects/pack/pack_git2_x"))
    }

    @Test func surfacesThatTheSourceIsShallow() throws {
        try source.commit(files: ["a": "1"])
        try source.commit(files: ["a": "2"])
        let shallow = "\(source.directory.path)/shallow"
        try source.git("clone", "-q", "--depth", "1", "file://\(source.path)", shallow)
        let other = GitMirror(of: try RemoteURL(parsing: "file://\(shallow)"), in: "\(source.directory.path)/git")
        let error = try #require(ExplainedFailure.of { try other.fetch(nil, program: BuiltBake.program) })
        #expect(error.reason.contains("shallow"))
    }

    @Test func isGivenUpAfterItsDeadline() throws {
        try source.commit(files: ["a": "1"])
        var options = FetchOptions()
        options.deadline = 0
        let error = try #require(
            ExplainedFailure.of { try mirror.fetch(nil, program: BuiltBake.program, options: options) })
        #expect(error.doing == "fetch" && error.reason.contains("limit"))
        #expect(try fetch().hex == source.git("rev-parse", "HEAD"))
    }

    @Test func takesTurns() throws {
        let head = try source.commit(files: ["a": "1"])
        let workers = (0..<4).map { _ in
            Worker { [mirror] in try mirror.fetch(nil, program: BuiltBake.program) }
        }
        for worker in workers { try worker.result() }
        #expect(try fetch().hex == head)
    }
}
