import BakeModel
import Foundation
import GitFixtures
import Testing

@testable import GitRepository

/// What `git status` would say.
@Suite struct WorkTreeStatusTests {
    private func status(_ repository: TestRepository, _ limits: GitLimits = GitLimits()) throws -> WorkTreeStatus {
        try GitReader.open(repository.path, program: BuiltBake.program, limits: limits).status()
    }

    private func paths(_ names: String...) throws -> [TreePath] { try names.map { try TreePath(cleaning: $0) } }

    @Test func isCleanAfterACommit() throws {
        let repository = try TestRepository()
        try repository.commit(files: ["a": "1", ".gitignore": "*.o\n", "d/b": "2"])
        try repository.write("d/x.o", "ignored")
        #expect(try status(repository).isClean)
    }

    @Test func listsWhatDiffers() throws {
        let repository = try TestRepository()
        try repository.commit(files: [
            "changed": "1", "removed": "1", "staged": "1", "renamed": "a name\n", "same": "1", "mode": "1",
        ])
        try repository.write("changed", "2")
        try repository.write("staged", "2")
        try repository.git("add", "staged")
        try repository.git("mv", "renamed", "new-name")
        try FileManager.default.removeItem(atPath: "\(repository.path)/removed")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(repository.path)/mode")
        try repository.write("fresh/deep/file", "1")
        let status = try status(repository)
        #expect(try status.modified == paths("changed", "mode", "new-name", "removed", "renamed", "staged"))
        #expect(try status.untracked == paths("fresh/deep/file"))
        #expect(!status.isClean && !status.isCutOff)
    }

    @Test func keepsNamesAsBytes() throws {
        let repository = try TestRepository()
        try repository.commit(files: ["e\u{301}": "1"])
        try repository.write("\u{e9}", "2")
        #expect(try status(repository).untracked.map(\.bytes) == [[0xc3, 0xa9]])
    }

    @Test func isCutOffAtTheLimit() throws {
        let repository = try TestRepository()
        for number in 0..<5 { try repository.write("f\(number)", "") }
        var limits = GitLimits()
        limits.statusPaths = 3
        let status = try status(repository, limits)
        #expect(status.isCutOff && status.untracked.count == 3)
    }

    @Test func runsNothingAndWritesNothing() throws {
        let repository = try TestRepository()
        try repository.commit(files: ["a": "1", ".gitattributes": "a filter=evil\n"])
        let mark = "\(repository.directory.path)/ran"
        try repository.git("config", "filter.evil.clean", "touch \(mark)")
        try repository.git("config", "core.fsmonitor", "touch \(mark)")
        let index = "\(repository.path)/.git/index"
        let before = try Data(contentsOf: URL(fileURLWithPath: index))
        try repository.write("a", "2")
        #expect(try status(repository).modified == paths("a"))
        #expect(!FileManager.default.fileExists(atPath: mark))
        #expect(try Data(contentsOf: URL(fileURLWithPath: index)) == before)
    }
}
