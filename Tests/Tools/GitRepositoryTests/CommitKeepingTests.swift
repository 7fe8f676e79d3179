import BakeModel
import Foundation
import GitFixtures
import LinuxSystem
import Testing

@testable import GitRepository

/// Commits that outlive their origin, looked at with git.
@Suite struct CommitKeepingTests {
    private let origin: TestRepository
    private let keeping: CommitKeeping

    init() throws {
        origin = try TestRepository()
        keeping = CommitKeeping(in: "\(origin.directory.path)/git")
    }

    private func commit(_ files: [String: String]) throws -> CommitID {
        try #require(CommitID(try origin.commit(files: files)))
    }

    private func keep(_ commit: CommitID) throws {
        try keeping.keep(commit, group: "web", from: origin.path, program: BuiltBake.program)
    }

    private func git(_ words: String...) throws -> String { try TestRepository.git(words, in: keeping.path) }

    @Test("a kept commit is whole for git when its origin is gone")
    func kept() throws {
        let commit = try commit(["a": "one", "deep/er/b": "two", "deep/c": "one"])
        try keep(commit)
        try keep(commit)
        try FileManager.default.removeItem(atPath: origin.path)
        #expect(try git("for-each-ref", "--format=%(refname)") == "refs/bake/web/\(commit.hex)")
        #expect(try git("show", "\(commit.hex):deep/er/b") == "two")
        #expect(try git("ls-tree", "-r", "--name-only", commit.hex) == "a\ndeep/c\ndeep/er/b")
        // git itself collects nothing of it.
        _ = try git("gc", "--prune=now", "-q")
        #expect(try git("show", "\(commit.hex):a") == "one")
    }

    @Test("a dropped commit takes with it what no other has, and nothing else")
    func dropped() throws {
        let first = try commit(["a": "one", "b": "same"])
        let second = try commit(["a": "two"])
        try keep(first)
        try keep(second)
        let old = try origin.git("rev-parse", "\(first.hex):a")
        #expect(try git("cat-file", "-t", old) == "blob")
        try keeping.drop([("web", first)], program: BuiltBake.program)
        #expect(throws: (any Error).self) { try git("cat-file", "-t", old) }
        #expect(try git("show", "\(second.hex):b") == "same")
        #expect(try git("for-each-ref", "--format=%(refname)") == "refs/bake/web/\(second.hex)")
        // Once more is nothing, and so is what never was.
        try keeping.drop([("web", first)], program: BuiltBake.program)
        // What went comes back whole.
        try keep(first)
        #expect(try git("show", "\(first.hex):a") == "one")
    }

    @Test("a damaged origin is an error, and nothing gets a name")
    func damaged() throws {
        let commit = try commit(["a": "one"])
        let blob = try origin.git("rev-parse", "HEAD:a")
        try FileManager.default.removeItem(atPath: origin.loosePath(blob))
        #expect(throws: (any Error).self) { try keep(commit) }
        #expect(try git("for-each-ref") == "")
    }
}
