import BakeModel
import GitFixtures
import LinuxSystem
import Testing

@testable import GitRepository

/// Every shape that a repository on a machine can have.
@Suite struct RepositoryFactsTests {
    private func open(_ path: String) throws -> GitReader { try GitReader.open(path, program: BuiltBake.program) }

    @Test func knowsAWorkTreeFromADirectoryBelow() throws {
        let repository = try TestRepository()
        let head = try repository.commit(files: ["deep/down/file": "x"])
        try repository.git("remote", "add", "origin", "https://taro:secret@git.example/web.git")
        let reader = try open("\(repository.path)/deep/down")
        #expect(reader.facts.top == repository.path)
        #expect(reader.facts.gitDirectory == "\(repository.path)/.git")
        #expect(!reader.facts.isBare && !reader.facts.isShallow)
        #expect(reader.facts.headBranch == "main")
        #expect(reader.facts.origin == "https://git.example/web.git")
        #expect(try reader.resolve(nil).hex == head)
    }

    @Test func knowsABareOne() throws {
        let repository = try TestRepository()
        let head = try repository.commit(files: ["a": "x"])
        let bare = "\(repository.directory.path)/bare.git"
        try repository.git("clone", "-q", "--bare", repository.path, bare)
        let reader = try open(bare)
        #expect(reader.facts.isBare && reader.facts.top == bare)
        #expect(try reader.resolve("main").hex == head)
        #expect(try reader.status().isClean)
    }

    @Test func knowsADetachedHead() throws {
        let repository = try TestRepository()
        let first = try repository.commit(files: ["a": "x"])
        try repository.commit(files: ["a": "y"])
        try repository.git("checkout", "-q", first)
        let reader = try open(repository.path)
        #expect(reader.facts.headBranch == nil)
        #expect(try reader.resolve(nil).hex == first)
    }

    @Test func knowsAShallowClone() throws {
        let repository = try TestRepository()
        let first = try repository.commit(files: ["a": "x"])
        let second = try repository.commit(files: ["a": "y"])
        let clone = "\(repository.directory.path)/shallow"
        try repository.git("clone", "-q", "--depth", "1", "file://\(repository.path)", clone)
        let reader = try open(clone)
        #expect(reader.facts.isShallow && reader.facts.origin == "file://\(repository.path)")
        let commit = try reader.commit(reader.resolve(nil))
        #expect(commit.id.hex == second && commit.parents.map(\.hex) == [first])
        #expect(try reader.files(of: commit.tree).files.count == 1)
        let error = try #require(throws: RemoteError.self) { try reader.commit(commit.parents[0]) }
        #expect(error.reason.contains("shallow") && error.hint == "git fetch --unshallow")
    }

    @Test func knowsALinkedWorkTree() throws {
        let repository = try TestRepository()
        try repository.commit(files: ["a": "x"])
        let other = "\(repository.directory.path)/other"
        try repository.git("worktree", "add", "-q", "-b", "side", other)
        try repository.git("config", "extensions.worktreeConfig", "true")
        try repository.git("config", "core.repositoryFormatVersion", "1")
        let reader = try open(other)
        #expect(reader.facts.top == other && reader.facts.headBranch == "side")
        #expect(try reader.resolve(nil).hex == repository.git("rev-parse", "side"))
    }

    @Test func readsPackedObjectsAndBorrowedOnes() throws {
        let repository = try TestRepository()
        try repository.commit(files: ["a": "x", "b": "y"])
        try repository.git("repack", "-adq")
        let borrower = "\(repository.directory.path)/borrower"
        try repository.git("clone", "-q", "--shared", repository.path, borrower)
        let reader = try open(borrower)
        let tree = try reader.files(of: reader.commit(reader.resolve(nil)).tree)
        #expect(try tree.files.map { try reader.blob($0.object, limit: 10) } == [Array("x".utf8), Array("y".utf8)])
    }

    @Test func refusesSHA256() throws {
        let repository = try TestRepository("--object-format=sha256")
        let error = try #require(throws: RemoteError.self) { try open(repository.path) }
        #expect(error.reason.contains("SHA-256") && error.exit == .usage)
    }

    @Test func saysWhereThereIsNone() throws {
        let directory = try TemporaryDirectory()
        let error = try #require(throws: RemoteError.self) { try open(directory.path) }
        #expect(error.exit == .notFound && error.subject == directory.path)
    }

    @Test func readsNoConfigurationOfTheUser() throws {
        // A repository of another owner: git itself would refuse it, bake runs nothing of it.
        let repository = try TestRepository()
        let head = try repository.commit(files: ["a": "x"])
        _ = try CompletedProcess.run("/bin/chown", ["-R", "1234:1234", repository.path], environment: [])
        #expect(try open(repository.path).resolve(nil).hex == head)
    }
}
