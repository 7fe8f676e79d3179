import BakeModel
import GitFixtures
import GitRepository
import Testing

@testable import SourceCheckout

@Suite struct DirtyPathsTests {
    private let repository: TestRepository

    init() throws {
        repository = try TestRepository()
        try repository.commit(files: ["bake.yaml": "name: web\n", "src/a": "1", "notes": "1"])
    }

    private func dirty(readBy pattern: String) throws -> DirtyPaths {
        let checkout = try Checkout.local(repository.path, revision: nil, program: BuiltBake.program)
        let matcher = try PathMatcher(PathPattern(text: pattern, contents: false))
        return try checkout.dirtyPaths(readBy: matcher.matches)
    }

    @Test func isEmptyWhereTheCommitSaysEverything() throws {
        try repository.write("scratch", "1")
        #expect(try dirty(readBy: "src").isEmpty)
    }

    @Test func listsEveryTrackedChangeAndUntrackedFilesThatAreRead() throws {
        try repository.write("notes", "2")
        try repository.write("src/new", "1")
        try repository.write("scratch", "1")
        let dirty = try dirty(readBy: "src")
        #expect(try dirty.modified == [TreePath(cleaning: "notes")])
        #expect(try dirty.untracked == [TreePath(cleaning: "src/new")])
        let error = DirtyTree(top: repository.path, paths: dirty)
        #expect(error.reason == "notes differs from HEAD; src/new is not in git")
        #expect(error.exit == .usage && error.hint?.contains("--draft") == true)
    }

    @Test func shortensLongLists() throws {
        let many = try (0..<5).map { try TreePath(cleaning: "f\($0)") }
        let error = DirtyTree(top: "/x", paths: DirtyPaths(modified: many, untracked: []))
        #expect(error.reason == "f0, f1, f2 and 2 more differ from HEAD")
    }
}
